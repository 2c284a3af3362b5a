# Compares the library with a plain TorchSharp loop, PyTorch and ONNX Runtime; the table goes into bench/results.
bench() {
    local name
    name="bench/results/$(date +%Y-%m-%d)-$(hostname).md"
    get_pytorch
    artifacts/bin/Speed/release/Speed --output "$name" "$@"
    say "The table is in $name"
}

# Debian's package, with OpenBLAS (the reference BLAS is many times slower), where that can be had. Without it the table has no PyTorch.
get_pytorch() {
    /usr/bin/python3 -c 'import torch' 2>/dev/null && return
    if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
        say "Installing python3-torch to compare with"
        DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends python3-torch libopenblas0 >/dev/null 2>&1 && return
    fi
    say "There is no PyTorch here; Debian's package is python3-torch. The table goes without."
}

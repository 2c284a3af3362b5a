# What the stand-ins need of the machine: a compiler, libtorch on a fast BLAS, image libraries.

prepare_machine() {
    if command -v apt-get >/dev/null; then
        local wanted=(cmake make g++ libjpeg-dev libpng-dev libgif-dev libopenblas0-openmp)
        [[ -n ${Torch_DIR:-} ]] || wanted+=(libtorch-dev)
        apt_install "${wanted[@]}"
        use_fast_blas
    else
        command -v cmake >/dev/null && command -v c++ >/dev/null || fail "$(other_systems)"
    fi
}

other_systems() {
    cat <<'TEXT'
This system has no apt-get. Please install what the stand-ins need, then run this again:
  - cmake 3.18 or later and a C++17 compiler
  - libtorch with its headers (set Torch_DIR to its share/cmake/Torch folder), on OpenBLAS with OpenMP or on MKL
  - libjpeg, libpng and giflib with their headers
TEXT
}

apt_install() {
    local package missing=()
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    ((${#missing[@]} > 0)) || return 0

    [[ $(id -u) == 0 ]] || fail "Missing: ${missing[*]}. Run 'sudo apt-get install --yes ${missing[*]}', then this again."
    say "Installing ${missing[*]}"
    apt-get update --quiet
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends --quiet "${missing[@]}" </dev/null
}

is_installed() {
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# Installing OpenBLAS makes it the BLAS, unless another one ranks higher or was chosen by hand.
use_fast_blas() {
    local folder link active
    folder=/usr/lib/$(dpkg-architecture --query DEB_HOST_MULTIARCH 2>/dev/null || gcc -print-multiarch)
    active=$(readlink -f "$folder/libblas.so.3")
    if [[ $active != "$folder"/openblas-openmp/* ]]; then
        if [[ $(blas_choice "$folder") == auto && $(id -u) == 0 ]]; then
            say "Making OpenBLAS (OpenMP) the BLAS instead of $active"
            for link in libblas.so.3 liblapack.so.3 libopenblas.so.0; do
                update-alternatives --set "$link-${folder##*/}" "$folder/openblas-openmp/$link"
            done
        else
            say "Using OpenBLAS (OpenMP) for this command; the system's BLAS stays $active"
            export LD_LIBRARY_PATH="$folder/openblas-openmp${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
        fi
    fi
}

blas_choice() {
    update-alternatives --query "libblas.so.3-${1##*/}" | sed -n 's/^Status: //p'
}

build_native() {
    say "Building the native part of the stand-ins"
    mkdir -p artifacts
    local log=artifacts/cmake.log
    if ! cmake -S standins/native -B artifacts/native/build ${Torch_DIR:+-DTorch_DIR="$Torch_DIR"} >$log 2>&1; then
        cat $log >&2
        rm -rf artifacts/native/build
        fail "CMake could not configure standins/native, see above."
    fi
    cmake --build artifacts/native/build --parallel "$(nproc)"
}

say() {
    echo "== $*"
}

complain() {
    echo "build.sh: $*" >&2
}

fail() {
    complain "$@"
    exit 1
}

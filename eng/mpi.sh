# The tests of several processes run under Open MPI and under MPICH; where one is missing, its tests are skipped and say so.
get_mpi() {
    local packages=()
    command -v mpirun.openmpi >/dev/null || packages+=(openmpi-bin)
    command -v mpirun.mpich >/dev/null || packages+=(mpich)
    ((${#packages[@]} > 0)) || return 0
    if ((EUID == 0)) && command -v apt-get >/dev/null; then
        say "Getting ${packages[*]}"
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null && return 0
    fi
    complain "This cannot install ${packages[*]}: tests that need them will be skipped. On Debian: apt-get install ${packages[*]}"
}

#!/usr/bin/env bash
# Two workers on two hosts, which are network namespaces of this machine with a cable between them: they exchange numbers over TCP,
# then the cable is cut. As root, on Linux, with Open MPI (openmpi-bin) and ip (iproute2), after ./build.sh build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source eng/say.sh
source eng/hosts.sh

readonly app=$PWD/artifacts/bin/WorkersApp/release/WorkersApp.dll timeout=5
scratch=$(mktemp -d)

((EUID == 0)) || fail "Only root may make network namespaces."
for command in ip unshare mpirun.openmpi dotnet; do
    command -v $command >/dev/null || fail "There is no $command here."
done
[[ -f $app ]] || fail "There is no $app: run ./build.sh build first."

clean_up() {
    remove_hosts
    rm -rf "$scratch"
}
trap clean_up EXIT

# Each worker writes into files of its own, as what it says may no longer come through.
run() {
    rm -f "$scratch"/worker-*
    "$scratch/enter" 10.77.0.1 "cd /; OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 exec mpirun.openmpi -n 2 --host 10.77.0.1:1,10.77.0.2:1 \
        $(over_cable "$scratch/enter") --mca orte_tmpdir_base $scratch \
        bash -c 'cd $scratch; dotnet $app $timeout $* > worker-\$OMPI_COMM_WORLD_RANK.out 2> worker-\$OMPI_COMM_WORLD_RANK.err; code=\$?; echo \$code > worker-\$OMPI_COMM_WORLD_RANK.code; exit \$code'"
}

same_bits() {
    run sum || fail "The exchange over TCP failed: $(cat "$scratch"/worker-*.err)"
    diff <(sed 's/^\[.\] //' "$scratch/worker-0.out" | tail -n +2) <(sed 's/^\[.\] //' "$scratch/worker-1.out" | tail -n +2) || fail "The workers differ."
    ! grep -h wrong "$scratch"/worker-?.out || fail "Sums are wrong."
    say "Two hosts: $(wc -l <"$scratch/worker-0.out") exchanges over TCP, the same bits on both"
}

cut_cable() {
    run sums 600 >"$scratch/mpirun" 2>&1 &
    wait_for 60 "exchanges" exchanges
    local sent
    sent=$(ip netns exec bob cat /sys/class/net/cable-b/statistics/tx_bytes)
    ((sent > 1000000)) || fail "Only $sent bytes went over the cable."
    ip -n bob link set cable-b down
    local start=$SECONDS
    wait_for $((timeout + 10)) "the end of both workers" both_ended
    say "Cable cut after $sent bytes: both workers ended $((SECONDS - start)) s later (Timeout $timeout s)"
    check_end 1 alice
    check_end 2 bob
}

exchanges() { (($(cat "$scratch/worker-0.out" 2>/dev/null | grep -c summed) > 2)); }

both_ended() { [[ -f $scratch/worker-0.code && -f $scratch/worker-1.code ]]; }

wait_for() {
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        ((SECONDS < end)) || fail "There is no sign of $what: $(tail -n 20 "$scratch"/worker-* "$scratch/mpirun" 2>&1)"
        sleep 0.2
    done
}

check_end() {
    local worker=$scratch/worker-$(($1 - 1))
    [[ $(cat "$worker.code") != 0 ]] || fail "Worker $1 ended with 0."
    grep -x "Worker $1 of 2 on $2 has waited $timeout s for the others, and ends." "$worker.err" || fail "Worker $1 does not say why it ended: $(cat "$worker.err")"
}

connect_hosts
write_enter "$scratch/enter"
same_bits
cut_cable

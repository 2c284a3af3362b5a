#!/usr/bin/env bash
# What a step of several workers takes, and how much of it they wait for each other: over shared memory, and, as root, over TCP between network
# namespaces whose cable lets 1 and 10 Gbit/s through. Needs Open MPI (openmpi-bin), and for TCP ip and tc (iproute2). Some 6 minutes on two cores.
# Writes a table to the file that is given, or to bench/results.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source eng/say.sh
source eng/hosts.sh

readonly output=${1:-bench/results/$(date +%Y-%m-%d)-workers.md} speed=$PWD/artifacts/bin/Speed/release/Speed steps=${STEPS:-5}
# .NET writes codes for the terminal that mpirun offers, unless it is a dumb one.
export TERM=dumb OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_btl_vader_single_copy_mechanism=none

command -v mpirun.openmpi >/dev/null || fail "There is no mpirun.openmpi. On Debian: apt-get install openmpi-bin"
dotnet build bench/Speed --configuration Release --verbosity quiet
scratch=$(mktemp -d)

clean_up() {
    remove_hosts
    rm -rf "$scratch"
}
trap clean_up EXIT

limit() {
    ip netns exec alice tc qdisc replace dev cable-a root tbf rate "$1" burst 256kb latency 50ms
    ip netns exec bob tc qdisc replace dev cable-b root tbf rate "$1" burst 256kb latency 50ms
}

# WORKERS THREADS WORKLOAD [--micro-batches]
over_memory() {
    mpirun.openmpi -n "$1" --oversubscribe --bind-to none "$speed" together "$3" --threads "$2" --steps "$steps" "${@:4}"
}

over_tcp() {
    "$scratch/enter" 10.77.0.1 "exec mpirun.openmpi -n $1 --host 10.77.0.1:$(($1 / 2)),10.77.0.2:$(($1 / 2)) --oversubscribe $(over_cable "$scratch/enter") $speed together $3 --threads $2 --steps $steps ${*:4}"
}

# NETWORK FUNCTION WORKERS THREADS WORKLOAD [--micro-batches]
row() {
    local workers milliseconds exchanged bytes
    read -r workers milliseconds exchanged bytes <<<"$("${@:2}" | tail -n 1)"
    [[ $workers == "$3" ]] || fail "There is no result of $3 workers over $1: $workers $milliseconds"
    [[ $3 != 1 ]] || alone=$milliseconds
    awk -v network="$1" -v workers="$workers" -v threads="$4" -v workload="$5" -v micro="${6:-}" -v ms="$milliseconds" -v ex="$exchanged" -v bytes="$bytes" -v alone="$alone" 'BEGIN {
        printf "| %s | %s | %d | %d | %s | %.1f | %.1f | %.0f %% | %.1f | %.2f |\n", workload, micro == "" ? "SAM" : "m-SAM", workers, threads, network, ms, ex, 100 * ex / ms, bytes / 1e6, alone / ms }' | tee -a "$output"
}

cat >"$output" <<TEXT
$(date +%Y-%m-%d), $(. /etc/os-release && echo "$PRETTY_NAME"), $(nproc) cores, load average $(cut -d' ' -f1 /proc/loadavg) before; Open MPI $(mpirun.openmpi --version | head -n 1 | grep -o '[0-9.]*$'); medians of $steps steps

| step | method | workers | threads each | network | ms a step | of it exchanging, ms | share | MB a worker gives | speed-up over one process |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
TEXT
tcp=false
if ((EUID == 0)) && command -v tc >/dev/null; then
    tcp=true
    connect_hosts
    write_enter "$scratch/enter"
fi
for workload in ${WORKLOADS:-resnet20-32 resnet18-32 minilm}; do
    for method in "" --micro-batches; do
        row "none" over_memory 1 "$(nproc)" $workload $method
        row "memory" over_memory 2 1 $workload $method
        row "memory" over_memory 4 1 $workload $method
        $tcp || continue
        for rate in 1gbit 10gbit; do
            limit $rate
            row "TCP, $rate" over_tcp 2 1 $workload $method
        done
    done
done
say "The table is in $output"

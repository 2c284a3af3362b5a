# Two hosts, which are network namespaces of this machine: alice at 10.77.0.1, with cable-a, and bob at 10.77.0.2, with cable-b, the other end of it. For root, on Linux.
declare -A hosts=([10.77.0.1]=alice [10.77.0.2]=bob)

# What mpirun needs to reach them: where processes are started by the program that write_enter wrote, and over TCP alone.
over_cable() {
    echo "--mca plm_rsh_agent $1 --mca btl tcp,self --mca btl_tcp_if_include 10.77.0.0/24 --mca oob_tcp_if_include 10.77.0.0/24 --bind-to none"
}

connect_hosts() {
    local address
    ip link add cable-a type veth peer name cable-b
    for address in "${!hosts[@]}"; do
        ip netns add ${hosts[$address]}
        ip -n ${hosts[$address]} link set lo up
    done
    plug 10.77.0.1 cable-a
    plug 10.77.0.2 cable-b
}

plug() {
    local host=${hosts[$1]}
    ip link set "$2" netns $host
    ip -n $host address add "$1/24" dev "$2"
    ip -n $host link set "$2" up
}

remove_hosts() {
    local host
    for host in "${hosts[@]}"; do
        ip netns pids $host 2>/dev/null | xargs --no-run-if-empty kill -9 || true
        ip netns delete $host 2>/dev/null || true
    done
}

# A program that stands in for ssh: ADDRESS COMMAND... Not to be called ssh, for which Open MPI has options of its own.
write_enter() {
    cat >"$1" <<TEXT
#!/usr/bin/env bash
case \$1 in 10.77.0.1) host=alice ;; 10.77.0.2) host=bob ;; *) exit 1 ;; esac
shift
exec ip netns exec \$host unshare --uts bash -c "hostname \$host; \$*"
TEXT
    chmod +x "$1"
}

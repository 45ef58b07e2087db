# shellcheck shell=bash
#
# Read by capi-tests/run and capi-tests/soak/run: tests that run side by side, and whose results are
# shown in the order in which they were started.

# How a program is run under valgrind: any error and any definite leak is exit status 9.
# shellcheck disable=SC2034  # for those that read this
valgrind=(valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite
          --show-leak-kinds=definite --num-callers=30)

# A directory for everything that a run leaves behind, removed at its end. Always below /tmp: the
# path of a UNIX domain socket is limited to 107 bytes.
scratch=$(mktemp -d /tmp/zgossip.XXXXXX) || exit 1
cleanup () {
    local jobs_left
    jobs_left=$(jobs -p)
    # shellcheck disable=SC2086  # one word for each job
    [[ $jobs_left ]] && kill $jobs_left 2>/dev/null
    rm -rf "$scratch"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
# Some programs are expected to crash, and their core is of no interest.
ulimit -c 0

passed=0 failed=0
tests=() shown=0

# report NAME <TEXT: what a job says, shown when its turn comes. Its first word is ok, skip or FAIL.
report () {
    cat >"$scratch/report.new.$1"
    mv "$scratch/report.new.$1" "$scratch/report.$1"
}

# announce NAME: a test, whose job is about to be started or that has failed already.
announce () {
    tests+=("$1")
}

# Print the reports that are there, in the order of the tests.
show_reports () {
    local verdict rest file
    while ((shown < ${#tests[@]})); do
        file=$scratch/report.${tests[shown]}
        [[ -e $file ]] || return
        cat "$file"
        read -r verdict rest <"$file"
        case $verdict in
            ok) ((passed++)) ;;
            skip) ;;
            *) ((failed++)) ;;
        esac
        ((shown++))
    done
}

# room_for MOST: wait until fewer jobs than that are running.
room_for () {
    local running
    while running=$(jobs -rp | wc -l) && ((running >= $1)); do
        wait -n
        show_reports
    done
}

# Wait for all, and say how many passed and failed; true if some passed and none failed.
conclude () {
    wait
    show_reports
    # A job that left no report, because it was killed for instance, has not passed.
    while ((shown < ${#tests[@]})); do
        echo "FAIL ${tests[shown]} (left no result)"
        ((failed++))
        ((shown++))
        show_reports
    done
    echo "$passed passed, $failed failed"
    ((passed > 0 && failed == 0))
}

//! What --help says.

pub(crate) const VERSION: &str = concat!("zgossip ", env!("CARGO_PKG_VERSION"), "\n");

pub(crate) const GENERAL: &str = "\
zgossip - look into a running network of gossip nodes

usage: zgossip list ENDPOINT...               print all tuples
       zgossip get ENDPOINT KEY               print the value of a key
       zgossip publish ENDPOINT KEY VALUE...  tell the network tuples
       zgossip watch ENDPOINT...              print all tuples, and what changes
       zgossip serve ENDPOINT...              be a node that others connect to

A network is nodes that know the same tuples of a key and a value. ENDPOINT is
where one of them is bound, such as tcp://10.0.0.7:5670 or ipc:///run/gossip;
any node of the network will do. zgossip joins as a node of its own, and leaves
when it ends. What it published stays.

  -j, --json             JSON: an array, or of watch and serve an object a line
  -t, --timeout SECONDS  how long to wait for an answer (5)
      --server-key KEY   encrypt: the CURVE public key of the node at ENDPOINT
  -v, --verbose          tell each step on standard error
  -h, --help             this text; after a command, more about it
  -V, --version          the version

Output is a table on a terminal, cut to $COLUMNS (80); elsewhere a line for each
tuple: key, tabulator, value, with \\t, \\n, \\\\ and \\xHH for what does not fit
on a line. Messages are on standard error.

Exit status: 0 done, 1 no such tuple, 2 wrong usage, 3 no node answers, or
another failure.

Environment: ZGOSSIP_PUBLIC_KEY and ZGOSSIP_SECRET_KEY are zgossip's own CURVE
keys, for networks that let in only those that they know.

Try it, in two terminals:

    zgossip serve tcp://127.0.0.1:5670
    zgossip publish tcp://127.0.0.1:5670 printer/3 tcp://10.0.0.7:9100
";

pub(crate) const LIST: &str = "\
usage: zgossip list ENDPOINT... [--json] [--timeout SECONDS] [--server-key KEY]

Joins, waits until the nodes at all ENDPOINTs have told what they hold, prints
it in the order of the keys, and ends. An empty network is an empty list; a node
that does not answer is an error.

    zgossip list tcp://10.0.0.7:5670
    zgossip list tcp://10.0.0.7:5670 | grep ^printer/
    zgossip list tcp://10.0.0.7:5670 --json | jq length
";

pub(crate) const GET: &str = "\
usage: zgossip get ENDPOINT KEY [--json] [--timeout SECONDS] [--server-key KEY]

Prints the value of a key and a newline. Elsewhere than on a terminal, the bytes
are as they were published. The exit status is 1 where there is no such tuple.

    address=$(zgossip get tcp://10.0.0.7:5670 printer/3) || echo 'no printer'
";

pub(crate) const PUBLISH: &str = "\
usage: zgossip publish ENDPOINT KEY VALUE [KEY VALUE ...] [--timeout SECONDS]
                       [--server-key KEY]

Ends when the node at ENDPOINT has the tuples and tells them to others. The
newest value of a key wins: where its owner publishes again, this one is gone.

    zgossip publish tcp://10.0.0.7:5670 printer/3 tcp://10.0.0.8:9100
    zgossip publish tcp://10.0.0.7:5670 -- temperature -3
";

pub(crate) const WATCH: &str = "\
usage: zgossip watch ENDPOINT... [--changes] [--json] [--timeout SECONDS]
                     [--server-key KEY]

Prints all tuples, and then each that is new or has a new value, until Ctrl-C.
Connections that break are made again. On a terminal, each has its time in UTC.

      --changes   not what is there already

    zgossip watch tcp://10.0.0.7:5670
    zgossip watch tcp://10.0.0.7:5670 --changes | while read -r key value; do
        echo \"$key is now $value\"
    done
";

pub(crate) const SERVE: &str = "\
usage: zgossip serve ENDPOINT... [--connect ENDPOINT]... [--json]
                     [--server-key KEY]

Accepts nodes at each ENDPOINT, and prints every tuple that is new or has a new
value, until Ctrl-C. As a TCP port, * takes the lowest free one from 49152 up;
it is told on standard error.

  -c, --connect ENDPOINT  join the node there, now or whenever it will be; may
                          be repeated

    zgossip serve 'tcp://*:5670'
    zgossip serve 'tcp://*:*' --connect tcp://10.0.0.7:5670
";

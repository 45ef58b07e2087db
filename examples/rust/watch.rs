//! Join a network, publish a tuple, watch what changes, until Ctrl-C.
//!
//!     cargo run --manifest-path examples/rust/Cargo.toml tcp://127.0.0.1:5670 key value

use zgossip::{Error, Event, Node};

fn main() -> Result<(), Error> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [endpoint, key, value] = words.as_slice() else {
        eprintln!("usage: watch ENDPOINT KEY VALUE");
        std::process::exit(2);
    };
    let node = Node::new("watch")?;
    node.connect(endpoint)?;
    node.publish(key, value)?;
    loop {
        if let Some(Event::Tuple(tuple)) = node.recv(None)? {
            let [key, value] = [tuple.key(), tuple.value()].map(String::from_utf8_lossy);
            println!("{key} = {value}");
        }
    }
}

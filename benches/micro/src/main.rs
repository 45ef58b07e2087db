//! Does one thing so many times, for benches/check-instructions to count: CASE COUNT.

use std::hint::black_box;
use zgossip::fuzzing::Bench;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let case = arguments.get(1).map(String::as_str).unwrap_or_default();
    let count: u64 = arguments.get(2).and_then(|text| text.parse().ok()).unwrap_or_default();
    let mut bench = Bench::new(10);
    let frames: Vec<Vec<u8>> = (0..10_000).map(Bench::frame).collect();
    let frames = frames.iter().take(count as usize);
    match case {
        "publish" => (0..count).for_each(|number| assert_eq!(bench.publish(number), 11)),
        "accept-and-forward" => frames.for_each(|frame| assert_eq!(bench.hear(frame), 10)),
        "duplicate-drop" => {
            let frame = Bench::frame(0);
            bench.hear(&frame);
            (0..count).for_each(|_| assert_eq!(bench.hear(black_box(&frame)), 0));
        }
        _ => panic!("no such case"),
    }
}

//! Times of the codec and the core, by criterion.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use zgossip::fuzzing::{Bench, decode};

fn codec(criterion: &mut Criterion) {
    let frame = Bench::frame(1);
    criterion.bench_function("decode a stamped PUBLISH", |run| {
        run.iter(|| decode(black_box(&frame)));
    });
}

fn core(criterion: &mut Criterion) {
    for clients in [1, 10, 100] {
        let (mut bench, mut number) = (Bench::new(clients), 0);
        criterion.bench_function(&format!("publish to {clients} clients"), |run| {
            run.iter(|| {
                number += 1;
                assert_eq!(bench.publish(number), clients + 1);
            });
        });
    }
    let (mut bench, mut number) = (Bench::new(10), 0);
    criterion.bench_function("accept a tuple and forward it to 9 clients", |run| {
        let next = || {
            number += 1;
            Bench::frame(number)
        };
        run.iter_batched(next, |frame| assert_eq!(bench.hear(&frame), 10), BatchSize::SmallInput);
    });
    let frame = Bench::frame(0);
    criterion.bench_function("drop a duplicate", |run| {
        run.iter(|| assert_eq!(bench.hear(black_box(&frame)), 0));
    });
}

criterion_group!(all, codec, core);
criterion_main!(all);

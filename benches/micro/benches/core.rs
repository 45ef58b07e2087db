//! Times of the codec and the core, by criterion.

use criterion::{Criterion, criterion_group, criterion_main};
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
                bench.publish(number % 100_000)
            });
        });
    }
    let (mut bench, mut number) = (Bench::new(10), 0);
    criterion.bench_function("accept a tuple and forward it to 9 clients", |run| {
        run.iter(|| {
            number += 1;
            bench.hear(&Bench::frame(number))
        });
    });
    let frame = Bench::frame(0);
    criterion.bench_function("drop a duplicate", |run| run.iter(|| bench.hear(black_box(&frame))));
}

criterion_group!(all, codec, core);
criterion_main!(all);

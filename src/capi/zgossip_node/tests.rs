use super::*;
use std::ffi::c_int;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::thread;

/// Neither a crash nor a hang: what every call must end with once the node is destroyed.
fn is_over(rc: i64) -> bool {
    match rc {
        0.. => false,
        rc => {
            assert!([ZGOSSIP_ENDED, ZGOSSIP_BAD_ARGUMENT].contains(&(rc as c_int)), "{rc}");
            true
        }
    }
}

/// What capi-tests/handle/handle_threads.c does as well; here for ThreadSanitizer, scripts/check-tsan.
#[test]
fn a_node_may_be_used_by_all_threads_while_one_destroys_it() {
    for _ in 0..5 {
        // SAFETY: NULL is a name.
        let node = AtomicPtr::new(unsafe { zgossip_node_new(std::ptr::null(), 0) });
        let node = || node.load(Ordering::Acquire);
        thread::scope(|scope| {
            for number in [0_u8, 1] {
                scope.spawn(move || {
                    for round in (0_u8..=255).cycle() {
                        let (key, value) = ([number + 1, round % 50 + 1], [round % 2 + 1]);
                        let (key, value) = (key.as_ptr().cast(), value.as_ptr().cast());
                        // SAFETY: as many bytes as the sizes say.
                        let rc = unsafe { zgossip_node_publish(node(), key, 2, value, 1, 0) };
                        if is_over(i64::from(rc)) {
                            return;
                        }
                    }
                });
                scope.spawn(move || {
                    let mut event = std::ptr::null_mut();
                    // SAFETY: the address of a pointer.
                    while !is_over(i64::from(unsafe { zgossip_node_recv(node(), -1, &mut event) }))
                    {
                        // SAFETY: an event of the node, destroyed once.
                        unsafe {
                            assert!(!zgossip_event_key(event, std::ptr::null_mut()).is_null());
                            zgossip_event_destroy(&mut event);
                        }
                    }
                });
            }
            scope.spawn(move || {
                while !is_over(zgossip_node_size(node())) {
                    let mut list = zgossip_node_snapshot(node());
                    // SAFETY: NULL, or a list of the node, destroyed once.
                    unsafe {
                        while zgossip_tuples_next(list) > 0 {}
                        zgossip_tuples_destroy(&mut list);
                    }
                }
            });
            while zgossip_node_size(node()) < 80 {
                thread::yield_now();
            }
            let mut mine = node();
            // SAFETY: no other thread has this pointer.
            assert_eq!(unsafe { zgossip_node_destroy(&mut mine) }, 0);
        });
    }
}

;; Letters to bytes, in place: one letter is a byte by the table at 0, a pair by that at 128 or 256, as its first letter says (codes 32 and 33).
;; In JavaScript the same loop costs ten times as much, for it ends before the engine has compiled it.
(module
  (memory (export "memory") 1)
  (func (export "read") (param $at i32) (param $end i32) (result i32)
    (local $to i32)
    (local $code i32)
    (local.set $to (local.get $at))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $code (i32.load8_u (local.get $at)))
        (if (i32.lt_u (local.get $code) (i32.const 34))
          (then
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (local.set $code (i32.add (i32.load8_u (local.get $at)) (i32.shl (i32.sub (local.get $code) (i32.const 31)) (i32.const 7))))))
        (i32.store8 (local.get $to) (i32.load8_u (local.get $code)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (local.set $to (i32.add (local.get $to) (i32.const 1)))
        (br $next)))
    (local.get $to)))

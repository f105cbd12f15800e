//! Points as an officer reads them.

/// Points with one decimal. Every candidate shows some, and the general way to write a number takes many times as long.
pub(crate) fn written(points: f64) -> String {
    match tenths(points) {
        Some(tenths) => [&(tenths / 10).to_string(), ".", &(tenths % 10).to_string()].concat(),
        None => format!("{points:.1}"),
    }
}

/// Tenths in whole numbers, halves to the even one; none where the points are none of the usual size.
fn tenths(points: f64) -> Option<u64> {
    const MANTISSA_BITS: u32 = 52;
    let bits = points.to_bits();
    // A number of 1 and above, below 2^52: a whole mantissa over a power of two.
    let exponent = (bits >> MANTISSA_BITS).checked_sub(1023).filter(|exponent| *exponent < 52)?;
    let mantissa = bits & ((1 << MANTISSA_BITS) - 1) | 1 << MANTISSA_BITS;
    let places = 52 - exponent;
    let tenfold = mantissa * 10;
    let (whole, rest, half) = (tenfold >> places, tenfold & ((1 << places) - 1), 1 << (places - 1));
    Some(whole + u64::from(rest > half || (rest == half && whole & 1 == 1)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::written;

    proptest! {
        #[test]
        fn as_the_general_way_writes_them(points in prop_oneof![any::<f64>(), 0.0..200.0, (0_u32..4000).prop_map(|n| f64::from(n) / 40.0)]) {
            prop_assert_eq!(written(points), format!("{points:.1}"));
        }
    }
}

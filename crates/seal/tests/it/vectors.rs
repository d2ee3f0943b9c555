//! The ciphers as this crate puts them together, against published vectors; and what this crate makes of them, against
//! the ciphers used directly.

use aes_gcm::aead::consts::U12;
use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{AeadInOut, AesGcm, KeyInit};
use hmac::{Hmac, Mac};
use seal::{Column, KeyRing, OVERHEAD};
use sm3::Sm3;
use sm4::Sm4;

use crate::drawn::{Counted, employer, person};

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .map(|digit| u8::try_from(digit.to_digit(16).expect("a hex digit")).expect("a digit"))
        .collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sm3>::new_from_slice(key).expect("any length will do");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

#[test]
fn sm4_gcm_is_that_of_rfc_8998() {
    let key: [u8; 16] = hex("0123456789ABCDEFFEDCBA9876543210").try_into().expect("16 bytes");
    let nonce: [u8; 12] = hex("00001234567800000000ABCD").try_into().expect("12 bytes");
    let bound = hex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
    let mut text = hex(concat!(
        "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBB", "CCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD", "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFF",
        "EEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA"
    ));
    let cipher = AesGcm::<Sm4, U12>::new(&key.into());
    let tag = cipher
        .encrypt_inout_detached(&nonce.into(), &bound, InOutBuf::from(text.as_mut_slice()))
        .expect("short enough");
    assert_eq!(
        text,
        hex(concat!(
            "17F399F08C67D5EE19D0DC9969C4BB7D", "5FD46FD3756489069157B282BB200735", "D82710CA5C22F0CCFA7CBF93D496AC15",
            "A56834CBCF98C397B4024A2691233B8D"
        ))
    );
    assert_eq!(tag.to_vec(), hex("83DE3541E4C2B58177E065A9BF7B62EC"));
}

#[test]
fn hmac_sm3_is_that_of_gm_t_0042_2015_appendix_d_3() {
    let counted: Vec<u8> = (1..=37).collect();
    let twice = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".repeat(2);
    for (key, message, expected) in [
        (
            &counted[..32],
            twice.as_bytes(),
            "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a",
        ),
        (
            &counted,
            &[0xcd; 50],
            "220bf579ded555393f0159f66c99877822a3ecf610d1552154b41d44b94db3ae",
        ),
        (
            &[0x0b; 32],
            b"Hi There",
            "c0ba18c68b90c88bc07de794bfc7d2c8d19ec31ed8773bc2b390c9604e0be11e",
        ),
        (
            b"Jefe",
            b"what do ya want for nothing?",
            "2e87f1d16862e6d964b50a5200bf2b10b764faa9680a296a2405f24bec39f882",
        ),
    ] {
        assert_eq!(hmac(key, message), hex(expected));
    }
}

/// With bytes counted up, the sealing key is 0…15 and the index key 16…47.
#[test]
fn a_person_key_is_the_first_16_bytes_of_hmac_sm3_in_base32() {
    let ring = KeyRing::draw(&mut Counted(0)).expect("a ring");
    let index_key: Vec<u8> = (16..48).collect();
    let id = person(7);
    let key = ring.indexer().person(id);
    let whole = hmac(&index_key, format!("person\0{}", id.reveal()).as_bytes());
    let mut number = u128::from_be_bytes(whole[..16].try_into().expect("16 bytes"));
    let mut text = Vec::new();
    for _ in 0..26 {
        text.push(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"[usize::try_from(number % 32).expect("below 32")]);
        number /= 32;
    }
    text.reverse();
    assert_eq!(key.text().as_bytes(), text);

    let code = employer(7);
    let whole = hmac(&index_key, format!("employer\0{code}").as_bytes());
    let key = ring.indexer().employer(code);
    assert_eq!(format!("{key}").len(), 26);
    assert_ne!(key.text(), ring.indexer().person(id).text());
    assert_eq!(
        key.text().as_bytes()[25],
        b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"[usize::from(whole[15] % 32)]
    );
}

#[test]
fn a_sealed_value_is_version_key_nonce_body_and_tag_with_its_place_authenticated() {
    let ring = KeyRing::draw(&mut Counted(0)).expect("a ring");
    let mut sealer = ring.sealer(&mut Counted(0xa0)).expect("a sealer");
    let sealed = sealer
        .seal_one(&Column::new("person", "id"), "ROW", b"clear")
        .expect("sealed");
    let bytes = sealed.as_bytes();
    assert_eq!(bytes.len(), OVERHEAD + 5);
    assert_eq!(bytes[..3], [1, 0, 1]);
    let nonce: [u8; 12] = bytes[3..15].try_into().expect("12 bytes");
    assert_eq!(nonce.to_vec(), (0xa0..0xac).collect::<Vec<u8>>());

    let mut bound = vec![1, 0, 1];
    for name in ["person", "id"] {
        bound.extend_from_slice(&u64::try_from(name.len()).expect("short").to_be_bytes());
        bound.extend_from_slice(name.as_bytes());
    }
    bound.extend_from_slice(b"ROW");
    let key: [u8; 16] = std::array::from_fn(|index| u8::try_from(index).expect("below 16"));
    let tag: [u8; 16] = bytes[20..].try_into().expect("16 bytes");
    let mut body = bytes[15..20].to_vec();
    AesGcm::<Sm4, U12>::new(&key.into())
        .decrypt_inout_detached(&nonce.into(), &bound, InOutBuf::from(body.as_mut_slice()), &tag.into())
        .expect("the tag follows");
    assert_eq!(body, b"clear");
}

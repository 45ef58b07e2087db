//! The owner's commands: from the frames of a message to typed commands.

use crate::wire::until_nul;

/// One command, borrowing its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command<'a> {
    Bind {
        endpoint: &'a [u8],
    },
    Port,
    Load {
        path: &'a [u8],
    },
    Set {
        path: &'a [u8],
        value: &'a [u8],
    },
    Save {
        path: &'a [u8],
    },
    Connect {
        endpoint: &'a [u8],
        server_key: Option<&'a [u8]>,
    },
    Disconnect {
        endpoint: &'a [u8],
    },
    Publish {
        key: &'a [u8],
        value: &'a [u8],
    },
    Unpublish {
        key: &'a [u8],
    },
    Status,
    Keys {
        prefix: Option<&'a [u8]>,
    },
    Tuple {
        key: &'a [u8],
    },
    Flush {
        timeout: Option<&'a [u8]>,
    },
    Verbose,
    ZapDomain {
        domain: &'a [u8],
    },
    Allow {
        key: &'a [u8],
    },
    SetPublicKey {
        key: &'a [u8],
    },
    SetSecretKey {
        key: &'a [u8],
    },
    Term,
    #[cfg(feature = "test-hooks")]
    TestPanic,
}

/// Why a message is no command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CommandError<'a> {
    /// No such command.
    Unknown(&'a [u8]),
    /// The command needs this frame as well.
    Missing { command: &'static str, argument: &'static str },
}

/// Read a message of the owner. As CZMQ's actor was observed to do: frames behind the last argument are
/// ignored, capital and small letters differ, a NUL ends the text of a frame, and CONFIGURE is an old name of
/// LOAD.
pub(crate) fn parse<'a>(frames: &[&'a [u8]]) -> Result<Command<'a>, CommandError<'a>> {
    let mut texts = frames.iter().map(|frame| until_nul(frame));
    let word = texts.next().unwrap_or_default();
    let mut needs =
        |command, argument| texts.next().ok_or(CommandError::Missing { command, argument });
    Ok(match word {
        b"BIND" => Command::Bind { endpoint: needs("BIND", "endpoint")? },
        b"PORT" => Command::Port,
        b"LOAD" => Command::Load { path: needs("LOAD", "file name")? },
        b"CONFIGURE" => Command::Load { path: needs("CONFIGURE", "file name")? },
        b"SET" => Command::Set { path: needs("SET", "path")?, value: needs("SET", "value")? },
        b"SAVE" => Command::Save { path: needs("SAVE", "file name")? },
        b"CONNECT" => {
            Command::Connect { endpoint: needs("CONNECT", "endpoint")?, server_key: texts.next() }
        }
        b"DISCONNECT" => Command::Disconnect { endpoint: needs("DISCONNECT", "endpoint")? },
        b"PUBLISH" => {
            Command::Publish { key: needs("PUBLISH", "key")?, value: needs("PUBLISH", "value")? }
        }
        b"UNPUBLISH" => Command::Unpublish { key: needs("UNPUBLISH", "key")? },
        b"STATUS" => Command::Status,
        b"KEYS" => Command::Keys { prefix: texts.next() },
        b"TUPLE" => Command::Tuple { key: needs("TUPLE", "key")? },
        b"FLUSH" => Command::Flush { timeout: texts.next() },
        b"VERBOSE" => Command::Verbose,
        b"ZAP DOMAIN" => Command::ZapDomain { domain: needs("ZAP DOMAIN", "domain")? },
        b"ALLOW" => Command::Allow { key: needs("ALLOW", "key")? },
        b"SET PUBLICKEY" => Command::SetPublicKey { key: needs("SET PUBLICKEY", "key")? },
        b"SET SECRETKEY" => Command::SetSecretKey { key: needs("SET SECRETKEY", "key")? },
        b"$TERM" => Command::Term,
        #[cfg(feature = "test-hooks")]
        b"TEST PANIC" => Command::TestPanic,
        _ => return Err(CommandError::Unknown(word)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_takes_its_arguments_and_ignores_the_rest() {
        assert_eq!(
            parse(&[b"PUBLISH", b"key", b"value", b"more"]),
            Ok(Command::Publish { key: b"key", value: b"value" })
        );
        assert_eq!(parse(&[b"STATUS", b"x"]), Ok(Command::Status));
        assert_eq!(
            parse(&[b"CONNECT", b"inproc://x"]),
            Ok(Command::Connect { endpoint: b"inproc://x", server_key: None })
        );
        assert_eq!(
            parse(&[b"CONNECT", b"inproc://x", b"key"]),
            Ok(Command::Connect { endpoint: b"inproc://x", server_key: Some(b"key") })
        );
        assert_eq!(parse(&[b"CONFIGURE", b"f"]), parse(&[b"LOAD", b"f"]));
    }

    #[test]
    fn a_nul_ends_an_argument() {
        assert_eq!(
            parse(&[b"PUBLISH\0?", b"k\0ey", b"v\0alue"]),
            Ok(Command::Publish { key: b"k", value: b"v" })
        );
    }

    #[test]
    fn a_missing_argument_is_named() {
        let cases: [(&[&[u8]], &str, &str); 14] = [
            (&[b"BIND"], "BIND", "endpoint"),
            (&[b"LOAD"], "LOAD", "file name"),
            (&[b"SET"], "SET", "path"),
            (&[b"SET", b"a"], "SET", "value"),
            (&[b"SAVE"], "SAVE", "file name"),
            (&[b"CONNECT"], "CONNECT", "endpoint"),
            (&[b"DISCONNECT"], "DISCONNECT", "endpoint"),
            (&[b"PUBLISH"], "PUBLISH", "key"),
            (&[b"PUBLISH", b"k"], "PUBLISH", "value"),
            (&[b"UNPUBLISH"], "UNPUBLISH", "key"),
            (&[b"ZAP DOMAIN"], "ZAP DOMAIN", "domain"),
            (&[b"SET SECRETKEY"], "SET SECRETKEY", "key"),
            (&[b"ALLOW"], "ALLOW", "key"),
            (&[b"TUPLE"], "TUPLE", "key"),
        ];
        for (frames, command, argument) in cases {
            assert_eq!(parse(frames), Err(CommandError::Missing { command, argument }));
        }
    }

    #[test]
    fn unknown_words_are_named_and_case_matters() {
        assert_eq!(parse(&[b"status"]), Err(CommandError::Unknown(b"status")));
        assert_eq!(parse(&[b""]), Err(CommandError::Unknown(b"")));
        assert_eq!(parse(&[]), Err(CommandError::Unknown(b"")));
    }
}

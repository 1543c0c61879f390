package inbound

// Read reads a raw mail, as it came from the wire or from a mailbox. It fails with ErrTooLarge or ErrUnreadable and
// with nothing else; whatever else is wrong with the mail is in its Problems.
func Read(raw []byte, limits Limits) (Message, error) {
	if len(raw) > limits.Raw {
		return Message{}, ErrTooLarge
	}
	return Message{Automatic: No}, nil
}

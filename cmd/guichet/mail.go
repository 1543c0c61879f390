package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"guichet/internal/inbound"
)

// MailCmd reads one raw mail and writes what a desk makes of it: an admin's way to see why it was read as it was.
type MailCmd struct {
	File string `arg:"" optional:"" default:"-" help:"File of one raw mail; - is standard input."`
}

// Run writes the reading of File to standard output, as one line of JSON.
func (c *MailCmd) Run(_ context.Context) error {
	in := os.Stdin
	if c.File != "-" {
		file, err := os.Open(c.File)
		if err != nil {
			return fmt.Errorf("open the mail: %w", err)
		}
		defer file.Close()
		in = file
	}
	return readMail(in, os.Stdout)
}

func readMail(in io.Reader, out io.Writer) error {
	limits := inbound.DefaultLimits()
	raw, err := io.ReadAll(io.LimitReader(in, int64(limits.Raw)+1))
	if err != nil {
		return fmt.Errorf("read the mail: %w", err)
	}
	m, err := inbound.Read(raw, limits)
	if errors.Is(err, inbound.ErrTooLarge) {
		return fmt.Errorf("read the mail: %w; at most %d MiB are read", err, limits.Raw>>20)
	}
	if err != nil {
		return fmt.Errorf("read the mail: %w", err)
	}
	encode := json.NewEncoder(out)
	encode.SetEscapeHTML(false)
	return encode.Encode(inbound.Summary(m))
}

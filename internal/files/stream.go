package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"time"

	"gocloud.dev/blob"

	"guichet/internal/desk"
)

// ErrTooLong is a stream that does not end where it must.
var ErrTooLong = errors.New("file too long")

// partBytes is how much of a stream a cloud takes at once, the least that S3 does, and
// parts how many of them at a time.
const (
	partBytes = 5 << 20
	parts     = 2
)

// patience is how long a cloud is given to forget what it has of a file whose sender
// has gone.
const patience = 10 * time.Second

// outliving is a context that ends some time after another one: a cloud that is sent a
// file in parts keeps them, unseen, until it is told that they are for nothing.
func outliving(ctx context.Context) (context.Context, func()) {
	long, end := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(patience, end) })
	return long, func() { stop(); end() }
}

// incoming is a stream on its way into the bucket, which breaks with the context of
// whoever sends it.
type incoming struct {
	ctx    context.Context
	r      io.Reader
	most   int64
	broken func() // is called when it breaks
	err    error  // why it broke

	kept Kept
	sum  hash.Hash
}

func newIncoming(ctx context.Context, r io.Reader, most int64) *incoming {
	return &incoming{ctx: ctx, r: r, most: most, broken: func() {}, sum: sha256.New()}
}

// Read implements io.Reader.
func (in *incoming) Read(p []byte) (int, error) {
	if in.err != nil {
		return 0, in.err
	}
	n, err := in.r.Read(p)
	in.kept.Bytes += int64(n)
	in.kept.Head = append(in.kept.Head, p[:min(n, desk.SniffBytes-len(in.kept.Head))]...)
	_, _ = in.sum.Write(p[:n]) // never fails
	if gone := in.ctx.Err(); gone != nil {
		err = gone
	} else if in.kept.Bytes > in.most {
		err = ErrTooLong
	}
	if err != nil && err != io.EOF {
		in.err = err
		in.broken()
	}
	return n, err
}

// as tells what came in, under its name.
func (in *incoming) as(name string) Kept {
	in.kept.Blob, in.kept.Sum = name, hex.EncodeToString(in.sum.Sum(nil))
	return in.kept
}

// outgoing is a blob that is read; what breaks it is told in plain words.
type outgoing struct {
	blob *blob.Reader
	err  error // why it broke
}

// Read implements io.Reader.
func (o *outgoing) Read(p []byte) (int, error) {
	n, err := o.blob.Read(p)
	if err != nil && err != io.EOF {
		err = plain(err)
		o.err = err
	}
	return n, err
}

// Seek implements io.Seeker.
func (o *outgoing) Seek(offset int64, whence int) (int64, error) { return o.blob.Seek(offset, whence) }

// Close implements io.Closer.
func (o *outgoing) Close() error { return plain(o.blob.Close()) }

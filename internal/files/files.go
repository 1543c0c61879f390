// Package files keeps people's files in a bucket: a folder of this machine, or
// whatever a URL names. A blob's name is random and begins with its desk; what a
// person called the file is never part of it.
package files

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/gcerrors"

	"guichet/internal/desk"
)

// ErrTooLong is a stream that does not end where it must.
var ErrTooLong = errors.New("file too long")

// errNone is a process that was given no bucket.
var errNone = errors.New("files: no bucket")

// Store is the bucket. It is opened when it is first used: a process that keeps
// no file needs none. A nil Store keeps nothing, and refuses to.
type Store struct {
	open   func(context.Context) (*blob.Bucket, error)
	mu     sync.Mutex
	bucket *blob.Bucket
}

// Folder keeps blobs in a folder of this machine, which is made when it is needed.
// Processes that serve one installation share it.
func Folder(dir string) *Store {
	return &Store{open: func(context.Context) (*blob.Bucket, error) {
		return fileblob.OpenBucket(dir, &fileblob.Options{CreateDir: true, DirFileMode: 0o700,
			// What is being written lies beside what was: a rename must not cross file
			// systems, and what a crash leaves behind is swept like any other blob.
			NoTempDir: true, Metadata: fileblob.MetadataDontWrite})
	}}
}

// At keeps blobs where a URL says: in a folder, or in a bucket of S3 or of whatever
// speaks like it, or in a container of Azure.
func At(u *url.URL) *Store {
	if u.Scheme == "file" {
		return Folder(filepath.FromSlash(u.Path))
	}
	return &Store{open: func(ctx context.Context) (*blob.Bucket, error) { return blob.OpenBucket(ctx, u.String()) }}
}

func (s *Store) at(ctx context.Context) (*blob.Bucket, error) {
	if s == nil {
		return nil, errNone
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bucket != nil {
		return s.bucket, nil
	}
	b, err := s.open(ctx)
	if err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	s.bucket = b
	return b, nil
}

// Kept is a blob that was written.
type Kept struct {
	Blob  string
	Bytes int64
	Sum   string // SHA-256 of what it holds, in hexadecimal
	Head  []byte // its first desk.SniffBytes bytes
}

// Put writes a stream of at most so many bytes as a new blob of a desk, without
// ever holding it. Nothing is left of one that fails. Errors: ErrTooLong; those of
// the reader as they are.
func (s *Store) Put(ctx context.Context, owner desk.ID, r io.Reader, most int64) (Kept, error) {
	b, err := s.at(ctx)
	if err != nil {
		return Kept{}, err
	}
	// A write whose context ends before it is closed leaves nothing (blob.NewWriter).
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	k := Kept{Blob: owner.String() + "/" + rand.Text()}
	w, err := b.NewWriter(ctx, k.Blob, &blob.WriterOptions{ContentType: "application/octet-stream", DisableContentTypeDetection: true, BufferSize: partBytes, MaxConcurrency: 2})
	if err != nil {
		return Kept{}, fmt.Errorf("files: %w", err)
	}
	sum, head := sha256.New(), &beginning{}
	k.Bytes, err = io.CopyBuffer(struct{ io.Writer }{io.MultiWriter(w, sum, head)}, io.LimitReader(r, most+1), make([]byte, pieces))
	if err == nil && k.Bytes > most {
		err = ErrTooLong
	}
	if err != nil {
		cancel()
		_ = w.Close() // gives up
		return Kept{}, err
	}
	if err := w.Close(); err != nil {
		return Kept{}, fmt.Errorf("files: %w", err)
	}
	k.Sum, k.Head = hex.EncodeToString(sum.Sum(nil)), head.bytes
	return k, nil
}

// beginning keeps what says which kind of file it is.
type beginning struct{ bytes []byte }

// Write implements io.Writer.
func (b *beginning) Write(p []byte) (int, error) {
	b.bytes = append(b.bytes, p[:min(len(p), desk.SniffBytes-len(b.bytes))]...)
	return len(p), nil
}

// Join writes blobs one after the other as a new one of so many bytes. Errors:
// ErrNotFound.
func (s *Store) Join(ctx context.Context, owner desk.ID, names []string, size int64) (Kept, error) {
	out, to := io.Pipe()
	go func() {
		for _, name := range names {
			r, err := s.Open(ctx, name)
			if err == nil {
				_, err = io.Copy(to, r)
				err = errors.Join(err, r.Close())
			}
			if err != nil {
				to.CloseWithError(err)
				return
			}
		}
		_ = to.Close() // always nil
	}()
	k, err := s.Put(ctx, owner, out, size)
	_ = out.Close() // lets the reading end when the writing failed
	return k, err
}

// pieces is how much of a stream is copied at once, and partBytes how much of it a
// cloud takes at once, the least that S3 does: two of them are in memory.
const (
	pieces    = 64 << 10
	partBytes = 5 << 20
)

// Open reads a blob, from wherever its reader seeks to. The caller closes it. Errors:
// ErrNotFound.
func (s *Store) Open(ctx context.Context, name string) (io.ReadSeekCloser, error) {
	b, err := s.at(ctx)
	if err != nil {
		return nil, err
	}
	r, err := b.NewReader(ctx, name, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, fmt.Errorf("%w: blob", desk.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	return r, nil
}

// Remove erases a blob; one that is gone already is no error.
func (s *Store) Remove(ctx context.Context, name string) error {
	b, err := s.at(ctx)
	if err != nil {
		return err
	}
	if err := b.Delete(ctx, name); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return fmt.Errorf("files: %w", err)
	}
	return nil
}

// sweepBatch is how many names a sweep asks about at once.
const sweepBatch = 500

// Sweep erases a desk's blobs from before an instant that nobody knows, and tells
// how many. known picks those of a batch that somebody does.
func (s *Store) Sweep(ctx context.Context, owner desk.ID, before time.Time, known func(names []string) ([]string, error)) (int, error) {
	if s == nil {
		return 0, nil
	}
	b, err := s.at(ctx)
	if err != nil {
		return 0, err
	}
	swept, list := 0, b.List(&blob.ListOptions{Prefix: owner.String() + "/"})
	for done := false; !done; {
		var old []string
		for len(old) < sweepBatch && !done {
			o, err := list.Next(ctx)
			switch {
			case errors.Is(err, io.EOF):
				done = true
			case err != nil:
				return swept, fmt.Errorf("files: %w", err)
			case o.ModTime.Before(before):
				old = append(old, o.Key)
			}
		}
		n, err := s.drop(ctx, old, known)
		if swept += n; err != nil {
			return swept, err
		}
	}
	return swept, nil
}

func (s *Store) drop(ctx context.Context, old []string, known func([]string) ([]string, error)) (int, error) {
	if len(old) == 0 {
		return 0, nil
	}
	names, err := known(old)
	if err != nil {
		return 0, err
	}
	keep := make(map[string]bool, len(names))
	for _, name := range names {
		keep[name] = true
	}
	swept := 0
	for _, name := range old {
		if keep[name] {
			continue
		}
		if err := s.Remove(ctx, name); err != nil {
			return swept, err
		}
		swept++
	}
	return swept, nil
}

// Check tells why files cannot be kept: it writes a blob, reads and erases it.
func (s *Store) Check(ctx context.Context) error {
	k, err := s.Put(ctx, desk.Nobody, strings.NewReader("ok"), pieces)
	if err != nil {
		return plain(err)
	}
	r, err := s.Open(ctx, k.Blob)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close(), s.Remove(ctx, k.Blob)); err == nil && string(text) != "ok" {
		err = errors.New("what was written is not what is read")
	}
	return err
}

// plain leaves out of a message what the bucket's library says of itself.
func plain(err error) error {
	var at *os.PathError
	if errors.As(err, &at) {
		return fmt.Errorf("%s %s: %w", at.Op, path.Clean(at.Path), at.Err)
	}
	return err
}

// Package files keeps people's files in a bucket: a folder of this machine, or
// whatever a URL names. A blob's name is random and begins with its desk; what a
// person called the file is never part of it.
package files

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/gcerrors"

	"guichet/internal/desk"
)

// errNone is a process that was given no bucket.
var errNone = errors.New("files: no bucket")

// Store is the bucket. A folder is opened when it is first used: a process that keeps
// no file needs none. A nil Store keeps nothing, and refuses to.
type Store struct {
	open   func(context.Context) (*blob.Bucket, error)
	folder bool
	mu     sync.Mutex
	bucket *blob.Bucket
}

// Folder keeps blobs in a folder of this machine, which is made when it is needed.
// Processes that serve one installation share it.
func Folder(dir string) *Store {
	return &Store{folder: true, open: func(context.Context) (*blob.Bucket, error) {
		return fileblob.OpenBucket(dir, &fileblob.Options{CreateDir: true, DirFileMode: 0o700,
			// What is being written lies beside what was: a rename must not cross file
			// systems, and what a crash leaves behind is swept like any other blob.
			NoTempDir: true, Metadata: fileblob.MetadataDontWrite})
	}}
}

// At keeps blobs where a URL says: in a folder, or in a bucket of S3 or of whatever
// speaks like it, or in a container of Azure, with the credentials that those clouds'
// own tools read. None is asked anything yet. Errors: parameters that the kind of
// bucket does not know, or misses.
func At(ctx context.Context, u *url.URL) (*Store, error) {
	if u.Scheme == "file" {
		return Folder(filepath.FromSlash(u.Path)), nil
	}
	b, err := openCloud(ctx, u)
	if err != nil {
		return nil, err
	}
	return &Store{bucket: b}, nil
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
		return nil, plain(err)
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
	long, end := outliving(ctx)
	defer end()
	in := newIncoming(ctx, r, most)
	if s.folder {
		in.broken = end // what is closed there is kept, unless its context has ended
	}
	name := owner.String() + "/" + rand.Text()
	err = b.Upload(long, name, in, &blob.WriterOptions{ContentType: "application/octet-stream", BufferSize: partBytes, MaxConcurrency: parts})
	switch {
	case in.err != nil:
		return Kept{}, in.err
	case err != nil:
		return Kept{}, plain(err)
	}
	return in.as(name), nil
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

// Open reads a blob, from wherever its reader seeks to. The caller closes it. Errors:
// ErrNotFound.
func (s *Store) Open(ctx context.Context, name string) (io.ReadSeekCloser, error) {
	out, err := s.read(ctx, name)
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Store) read(ctx context.Context, name string) (*outgoing, error) {
	b, err := s.at(ctx)
	if err != nil {
		return nil, err
	}
	r, err := b.NewReader(ctx, name, nil)
	if missing(err) {
		return nil, fmt.Errorf("%w: blob", desk.ErrNotFound)
	}
	if err != nil {
		return nil, plain(err)
	}
	return &outgoing{blob: r}, nil
}

// Remove erases a blob; one that is gone already is no error.
func (s *Store) Remove(ctx context.Context, name string) error {
	b, err := s.at(ctx)
	if err != nil {
		return err
	}
	err = b.Delete(ctx, name)
	if gcerrors.Code(err) == gcerrors.NotFound && !missing(err) { // it, or the bucket: S3 tells that to who reads alone
		r, unread := s.Open(ctx, name)
		if unread == nil {
			_ = r.Close() // only asked for
		} else if errors.Is(unread, desk.ErrNotFound) {
			return nil
		}
	}
	if missing(err) {
		return nil
	}
	return plain(err)
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
				return swept, plain(err)
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

// checkTime is how long a bucket may take to answer all that a check asks.
const checkTime = 30 * time.Second

// Check tells why files cannot be kept: it writes a blob, reads and erases it, and
// lists what is there.
func (s *Store) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	k, err := s.Put(ctx, desk.Nobody, strings.NewReader("ok"), 2)
	if err != nil {
		return err
	}
	r, err := s.Open(ctx, k.Blob)
	if err != nil {
		return fmt.Errorf("what was written cannot be read: %w", err)
	}
	text, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close(), s.Remove(ctx, k.Blob)); err != nil {
		return err
	}
	if string(text) != "ok" {
		return errors.New("what was written is not what is read")
	}
	if _, err = s.Open(ctx, k.Blob); !errors.Is(err, desk.ErrNotFound) {
		return fmt.Errorf("what was erased is not missing (may blobs be listed?): %w", err)
	}
	_, err = s.Sweep(ctx, desk.Nobody, time.Time{}, nil) // nothing is so old
	return err
}

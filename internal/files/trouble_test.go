package files_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/files"
)

func TestCheckSaysWhyFilesCannotBeKept(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		if err := p.Check(t.Context()); err != nil || len(p.left()) > 0 {
			t.Errorf("%v; the check left %q", err, p.left())
		}
	})
	t.Run("wrong", func(t *testing.T) {
		t.Parallel()
		s3, container := inS3(t), inAzure(t)
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		host := container.cloud.Listener.Addr().String()
		s3.cloud.is(down(http.StatusForbidden))
		for address, want := range map[string]string{
			"file://" + file + "/files": "not a directory",
			"s4://people":               "no driver registered",
			"s3://people?region=eu-west-3&secret=abc&endpoint=" + s3.cloud.URL:             `s3://people: unknown query parameter "secret"`,
			"s3://people?region=eu-west-3&use_path_style=true&endpoint=" + s3.cloud.URL:    "InternalError",
			"s3://people?region=eu-west-3&endpoint=http://127.0.0.1:1&use_path_style=true": "connection refused",
			"azblob://other?localemu=true&protocol=http&domain=" + host:                    "ContainerNotFound",
			"azblob://people?storage_account=":                                             "AccountName is required",
		} {
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			s, err := files.At(t.Context(), u)
			if err == nil {
				err = s.Check(t.Context())
			}
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), signature) || strings.ContainsAny(err.Error(), "\n") {
				t.Errorf("%s: %v", address, err)
			}
		}
		if err := (*files.Store)(nil).Check(t.Context()); err == nil {
			t.Error("nothing is wrong without a bucket")
		}
	})
}

// A server that is down is told from a file that is gone, and what it could not take is
// not half there once it stands again. One bad answer is asked again.
func TestACloudInTrouble(t *testing.T) {
	inTheClouds(t, func(t *testing.T, p place) {
		owner := desk.NewID()
		put := func(text string) (files.Kept, error) { return p.Put(t.Context(), owner, strings.NewReader(text), big) }
		p.cloud.is(func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			p.cloud.isWell()
			refuse(w, http.StatusServiceUnavailable, "ServerBusy")
		})
		k, err := put(string(picture(t)))
		if err != nil {
			t.Fatal(err)
		}
		p.cloud.is(down(http.StatusInternalServerError))
		for what, try := range map[string]func() error{
			"put":     func() error { _, err := put("x"); return err },
			"put big": func() error { _, err := put(strings.Repeat("x", big)); return err },
			"open":    func() error { _, err := p.Open(t.Context(), k.Blob); return err },
			"join":    func() error { _, err := p.Join(t.Context(), owner, []string{k.Blob}, k.Bytes); return err },
			"remove":  func() error { return p.Remove(t.Context(), k.Blob) },
			"sweep":   func() error { _, err := p.Sweep(t.Context(), owner, time.Now(), nil); return err },
			"preview": func() error { _, err := p.Preview(t.Context(), owner, k.Blob); return err },
		} {
			if err := try(); err == nil || errors.Is(err, desk.ErrNotFound) || !strings.Contains(err.Error(), "refuses: Internal") {
				t.Errorf("%s: %v", what, err)
			}
		}
		p.cloud.is(down(http.StatusNotFound)) // as of a bucket that is gone
		if err := p.Remove(t.Context(), k.Blob); err == nil {
			t.Error("a bucket that is gone has erased a file")
		}
		p.cloud.is(cut)
		if preview, err := p.Preview(t.Context(), owner, k.Blob); err == nil {
			t.Errorf("of half an image a small one is %+v", preview)
		}
		if n, err := io.Copy(io.Discard, opened(t, p.Store, k.Blob)); err == nil {
			t.Errorf("half a file is %d bytes, and whole", n)
		}
		p.cloud.isWell()
		if left := p.left(); len(left) != 1 || len(content(t, p.Store, k.Blob)) != int(k.Bytes) {
			t.Errorf("left behind: %q", left)
		}
	})
}

// Of whoever hangs up on a slow cloud it keeps nothing.
func TestASlowCloud(t *testing.T) {
	inTheClouds(t, func(t *testing.T, p place) {
		gone, hangUp := context.WithCancel(t.Context())
		p.cloud.is(func(w http.ResponseWriter, r *http.Request, well http.Handler) {
			hangUp()
			time.Sleep(50 * time.Millisecond)
			well.ServeHTTP(w, r)
		})
		for _, size := range []int{1, big} {
			if _, err := p.Put(gone, desk.NewID(), io.MultiReader(strings.NewReader(strings.Repeat("x", size)), endless{}), 2*big); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		}
		if _, err := p.Open(gone, "any"); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if left := p.left(); len(left) > 0 {
			t.Errorf("left behind: %q", left)
		}
	})
}

// The signature that opens a container is part of each address that is asked.
func TestNoAddressIsTold(t *testing.T) {
	t.Parallel()
	for _, why := range []error{errors.New("no route to host"), io.EOF, context.Canceled} {
		asked := &url.Error{Op: "Put", URL: "https://a.blob.core.windows.net/people/x?sig=" + signature, Err: why}
		if got := files.Plain(fmt.Errorf("once: %w", asked)); !errors.Is(got, why) || got.Error() != "files: the bucket does not answer: "+why.Error() {
			t.Error(got)
		}
	}
}

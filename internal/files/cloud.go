package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/bloberror"
	"github.com/aws/smithy-go"
	"gocloud.dev/blob"
	_ "gocloud.dev/blob/azureblob" // azblob://
	_ "gocloud.dev/blob/s3blob"    // s3://
)

func openCloud(ctx context.Context, u *url.URL) (*blob.Bucket, error) {
	to := *u
	if q := u.Query(); u.Scheme == "s3" && !q.Has(checksums) {
		q.Set(checksums, "when_required") // a whole file's is none of its parts', and the client would say so each time
		to.RawQuery = q.Encode()
	}
	b, err := blob.OpenBucket(ctx, to.String())
	if err != nil {
		return nil, errors.New(strings.ReplaceAll(err.Error(), to.String(), u.Scheme+"://"+u.Host))
	}
	return b, nil
}

const checksums = "response_checksum_validation"

// missing tells a blob that is not there. The library says as much of a bucket that is
// not, and of a server that has no such name; of those nobody knows what they hold.
func missing(err error) bool {
	var said smithy.APIError
	return errors.Is(err, fs.ErrNotExist) || bloberror.HasCode(err, bloberror.BlobNotFound) ||
		errors.As(err, &said) && said.ErrorCode() == "NoSuchKey"
}

// plain says in a line what a bucket's libraries say in many, and never an address that
// was asked: it may hold the signature that opens the container.
func plain(err error) error {
	var at *fs.PathError
	var said smithy.APIError
	var answered *azcore.ResponseError
	var asked *url.Error
	switch {
	case err == nil || err == io.EOF: // a stream's end, not a line's that was cut
		return err
	case errors.As(err, &at):
		return fmt.Errorf("files: %s %s: %w", at.Op, path.Clean(at.Path), at.Err)
	case errors.As(err, &said):
		return fmt.Errorf("files: the bucket refuses: %s: %s", said.ErrorCode(), said.ErrorMessage())
	case errors.As(err, &answered):
		return fmt.Errorf("files: the container refuses: %s (%d)", answered.ErrorCode, answered.StatusCode)
	case errors.As(err, &asked):
		return fmt.Errorf("files: the bucket does not answer: %w", asked.Err)
	}
	if named, ok := err.(interface{ Unwrap() []error }); ok && named.Unwrap()[0] != nil {
		err = named.Unwrap()[0] // the cause, without the blob's name
	}
	return fmt.Errorf("files: %w", err)
}

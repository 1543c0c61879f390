package azuresupport

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"

	"guichet/internal/desk"
)

// What a file may be ("Files - Create": file size, chunk size, number of
// chunks).
const (
	mostFile     = 5 << 20
	mostChunk    = 5 << 19 // two and a half mebibytes
	mostFileName = 110     // Azure portal, "File upload guidelines"
)

// Upload puts a file into a workspace of ours, which is made when it is not there.
// A request names its workspace when it is filed; one that is filed has one of its
// own name. Errors: desk.Refusal; the reader's own.
func (c *Client) Upload(ctx context.Context, a Access, workspace, file string, size int64, content io.Reader) error {
	if size < 1 || size > mostFile || !fileName(file) {
		return desk.Refusal{Kind: desk.RefusedRequest, Detail: fmt.Sprintf("a file of %d bytes or of such a name is not taken", size)}
	}
	q, err := c.named(http.MethodPut, a, "fileWorkspaces", workspace)
	if err != nil {
		return err
	}
	if _, err := c.as(a).Send(ctx, q); err != nil {
		return refused(err)
	}
	chunk := min(size, mostChunk)
	count := (size + chunk - 1) / chunk
	q.Path += "/files/" + url.PathEscape(file)
	q.Body = map[string]any{"properties": map[string]any{"chunkSize": chunk, "fileSize": size, "numberOfChunks": count}}
	if _, err := c.as(a).Send(ctx, q); err != nil {
		return refused(err)
	}
	q.Method, q.Path = http.MethodPost, q.Path+"/upload"
	for i := range count {
		part := make([]byte, min(chunk, size-i*chunk))
		if _, err := io.ReadFull(content, part); err != nil {
			return fmt.Errorf("file %d of the request: %w", i, err)
		}
		q.Body = map[string]any{"content": base64.StdEncoding.EncodeToString(part), "chunkIndex": i}
		if _, err := c.as(a).Send(ctx, q); err != nil {
			return refused(err)
		}
	}
	return nil
}

func fileName(name string) bool {
	return name != "" && len(name) <= mostFileName && name == path.Base(name) && name != "." && name != ".." && !strings.ContainsAny(name, `\/:*?"<>|#%&`)
}

package azuresupport

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/microsoft/rest"
)

// What a file may be ("Files - Create": file size, chunk size, number of
// chunks).
const (
	mostFile     = 5 << 20
	mostChunk    = 5 << 19 // two and a half mebibytes
	mostFileName = 110     // Azure portal, "File upload guidelines"
)

// Workspace makes a place for files, unless it is there ("File Workspaces -
// Create"). It lasts a day; a request that names it when it is filed keeps what is
// in it. Errors: desk.Refusal.
func (c *Client) Workspace(ctx context.Context, a Access, workspace string) error {
	q, err := c.named(http.MethodPut, a, "fileWorkspaces", workspace)
	if err != nil {
		return err
	}
	answer, err := c.as(a).Send(ctx, q)
	switch {
	case rest.Refused(err, desk.RefusedChanged): // it is there
		return nil
	case err != nil:
		return refused(err)
	}
	_, err = placed(answer)
	return err
}

// placed reads what was made, and how big a file is. What answers in Microsoft's
// place says nothing of the kind. Errors: desk.Refusal.
func placed(answer rest.Answer) (size int64, err error) {
	var there struct {
		Name       string `json:"name"`
		Properties struct {
			Size float64 `json:"fileSize"`
		} `json:"properties"`
	}
	if err := answer.Into(&there); err != nil {
		return 0, err
	}
	if there.Name == "" {
		return 0, desk.Refusal{Kind: desk.RefusedForm, Detail: "a place for files without a name"}
	}
	return int64(there.Properties.Size), nil
}

// Upload puts a file into a workspace of ours, which is made when it is not there.
// A request names its workspace when it is filed; one that is filed has one of its
// own name (Azure PowerShell, "New-AzSupportFileAndUpload", second example). The
// same file under the same name is there once, however often it is sent, and
// wherever a sending before broke off. Errors: desk.Refusal; the reader's own.
func (c *Client) Upload(ctx context.Context, a Access, workspace, file string, size int64, content io.Reader) error {
	if size < 1 || size > mostFile || !fileName(file) {
		return desk.Refusal{Kind: desk.RefusedRequest, Detail: fmt.Sprintf("a file of %d bytes or of such a name is not taken", size)}
	}
	if err := c.Workspace(ctx, a, workspace); err != nil {
		return err
	}
	q, err := c.named(http.MethodPut, a, "fileWorkspaces", workspace, "files", url.PathEscape(file))
	if err != nil {
		return err
	}
	chunk := min(size, mostChunk)
	if err := c.announce(ctx, a, q, size, chunk); err != nil {
		return err
	}
	q.Method, q.Path = http.MethodPost, q.Path+"/upload"
	for i := range (size + chunk - 1) / chunk {
		part := make([]byte, min(chunk, size-i*chunk))
		if _, err := io.ReadFull(content, part); err != nil {
			return fmt.Errorf("part %d of the file: %w", i, err)
		}
		q.Body = map[string]any{"content": base64.StdEncoding.EncodeToString(part), "chunkIndex": i}
		answer, err := c.as(a).Send(ctx, q)
		if err != nil && !rest.Refused(err, desk.RefusedChanged) { // that part is there
			return refused(err)
		}
		if len(answer.Body) > 0 && !json.Valid(answer.Body) {
			return desk.Refusal{Kind: desk.RefusedForm, Detail: "an answer to a part of a file that is none"}
		}
	}
	return nil
}

// announce says how big a file is, in how many parts it comes. One that was
// announced before is the same one, or it is refused: its name is another's.
func (c *Client) announce(ctx context.Context, a Access, q rest.Call, size, chunk int64) error {
	q.Body = map[string]any{"properties": map[string]any{"chunkSize": chunk, "fileSize": size, "numberOfChunks": (size + chunk - 1) / chunk}}
	answer, err := c.as(a).Send(ctx, q)
	if rest.Refused(err, desk.RefusedChanged) {
		q.Method, q.Body = http.MethodGet, nil
		answer, err = c.as(a).Send(ctx, q)
	}
	if err != nil {
		return refused(err)
	}
	there, err := placed(answer)
	if err == nil && there != size {
		err = desk.Refusal{Kind: desk.RefusedRequest, Detail: "another file of that name is there"}
	}
	return err
}

func fileName(name string) bool {
	return name != "" && len(name) <= mostFileName && name == path.Base(name) && name != "." && name != ".." && !strings.ContainsAny(name, `\/:*?"<>|#%&`)
}

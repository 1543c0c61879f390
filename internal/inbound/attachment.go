package inbound

import (
	"fmt"
	"net/url"
	"path"
	"strings"
	"unicode/utf8"
)

// attachments makes the parts of what is attached; page is the HTML body, which says what is shown within it.
func (r *reader) attachments(files []*entity, page string) []Part {
	parts := make([]Part, 0, len(files))
	for _, e := range files {
		if len(parts) == r.limits.Attachments {
			r.problem("there are more than %d attachments; the last were left out", r.limits.Attachments)
			break
		}
		body := r.content(e)
		if body == nil && len(e.body) > 0 {
			continue
		}
		p := Part{Type: typeOf(e), ContentID: oneWord(strings.Trim(e.header.first("content-id"), "<> \t")), Bytes: int64(len(body)), Body: body}
		p.Name = r.nameOf(e, p, len(parts)+1)
		shown := p.ContentID != "" && (strings.Contains(page, "cid:"+p.ContentID) || strings.Contains(page, "cid:"+url.QueryEscape(p.ContentID)))
		image := strings.HasPrefix(p.Type, "image/")
		p.Inline = shown || image && (e.disposition.value == "inline" || e.parent == "multipart/related" && p.ContentID != "" && e.disposition.value == "")
		r.remark(p)
		parts = append(parts, p)
	}
	return parts
}

// remark says what of an attachment a desk cannot open.
func (r *reader) remark(p Part) {
	switch {
	case p.Type == "application/ms-tnef" || strings.EqualFold(p.Name, "winmail.dat"):
		r.problem("Outlook packed files into winmail.dat, which was not opened; ask the sender for HTML or plain text")
	case p.Type == "application/pkcs7-mime" || p.Type == "application/x-pkcs7-mime":
		r.problem("the mail is encrypted or sealed in its signature and was not opened")
	}
}

func typeOf(e *entity) string {
	if kind, sub, cut := strings.Cut(e.kind.value, "/"); cut && kind != "" && sub != "" && len(e.kind.value) <= 127 && isFieldName([]byte(e.kind.value)) {
		return e.kind.value
	}
	return "application/octet-stream"
}

// givenName is what the sender calls a part, or "".
func (e *entity) givenName() string {
	for _, name := range []string{e.disposition.params["filename"], e.kind.params["name"], e.kind.params["file"]} {
		if strings.TrimSpace(name) != "" {
			return name
		}
	}
	return ""
}

// nameOf gives a part a name: the sender's, an attached mail's subject, or one made of its kind and its place.
func (r *reader) nameOf(e *entity, p Part, place int) string {
	name := cleanName(e.givenName())
	if p.Type == "message/rfc822" || p.Type == "message/global" {
		if name == "" {
			inner := reader{limits: r.limits}
			h, _ := inner.readHeader(p.Body)
			name = cleanName(strings.NewReplacer("/", "-", `\`, "-").Replace(line(h.inUTF8().first("subject"))))
		}
		if name == "" {
			name = fmt.Sprintf("message-%d", place)
		}
		if !strings.Contains(path.Ext(name), ".eml") && !strings.HasSuffix(name, ".msg") {
			name += ".eml"
		}
		return name
	}
	if name != "" {
		return name
	}
	kind, _, _ := strings.Cut(p.Type, "/")
	if p.Type == "text/calendar" {
		kind = "invitation"
	}
	if kind != "image" && kind != "audio" && kind != "video" && kind != "text" && kind != "invitation" {
		kind = "attachment"
	}
	return fmt.Sprintf("%s-%d%s", kind, place, extensions[p.Type])
}

// extensions name the files that come without a name.
var extensions = map[string]string{
	"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp", "image/heic": ".heic", "image/svg+xml": ".svg",
	"application/pdf": ".pdf", "application/zip": ".zip", "text/calendar": ".ics", "text/html": ".html", "text/plain": ".txt", "text/csv": ".csv",
	"text/vcard": ".vcf", "text/x-vcard": ".vcf", "application/json": ".json", "application/xml": ".xml", "text/xml": ".xml", "application/pkcs7-mime": ".p7m",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   ".docx",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         ".xlsx",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
}

// maxName bounds a file name in bytes; file systems take 255.
const maxName = 200

// cleanName makes a sender's file name safe to show and to save: its path, what nobody sees and what no file system
// takes are gone before anything judges it. It is "" when nothing is left.
func cleanName(name string) string {
	name = line(name)
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(c rune) rune {
		if c == '\u200c' || c == '\u200d' || strings.ContainsRune(`<>:"|?*`, c) {
			return -1
		}
		return c
	}, name)
	name = strings.Trim(name, " ")
	name = strings.TrimRight(name, ". ")
	if strings.Trim(name, ".") == "" {
		return ""
	}
	if len(name) > maxName {
		extension := path.Ext(name)
		if len(extension) > 20 {
			extension = ""
		}
		name = name[:maxName-len(extension)]
		for !utf8.ValidString(name) {
			name = name[:len(name)-1]
		}
		name += extension
	}
	return name
}

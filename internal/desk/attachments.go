package desk

import (
	"errors"
	"path"
	"slices"
	"strings"
	"time"
)

// AttachmentState is how far a file can be trusted.
type AttachmentState string

// States of a file.
const (
	FileKept        AttachmentState = "kept"
	FileQuarantined AttachmentState = "quarantined" // no scanner has seen it yet
	FileUnscanned   AttachmentState = "unscanned"   // the scanner cannot look through it: an admin says what becomes of it
	FileInfected    AttachmentState = "infected"    // it found something: the file's bytes are gone
	FileRemoved     AttachmentState = "removed"     // its bytes are gone
)

// Attachment is a file of a ticket. Its name is what its sender called it, cleaned;
// its type is what its first bytes say.
type Attachment struct {
	ID         ID
	TicketID   ID
	CustomerID ID
	MessageID  ID // that it came with; Nobody: a finding's
	FindingID  ID
	Internal   bool // the desk's alone
	Name       string
	Type       string
	Bytes      int64
	Blob       string
	Sum        string // SHA-256, in hexadecimal
	Width      int    // of an image that a page can show, else 0
	Height     int
	Preview    string // the blob of its small picture, "" without one
	Inline     bool   // stands inside a mail's text
	ContentID  string // how that text calls it
	State      AttachmentState
	Signature  string // what a scanner found in it, or why it could not look
	PersonID   ID
	PersonName string
	CreatedAt  time.Time
}

// Readable tells a file whose bytes may be handed out.
func (a Attachment) Readable() bool { return a.State == FileKept }

// ErrUnscannable is a file that a scanner will never look through, however often it
// is asked. What it says itself comes with it, as an Unscannable.
var ErrUnscannable = errors.New("the scanner cannot look through it")

// Unscannable is an ErrUnscannable with the scanner's own words, "" for a file that
// is too large for it.
type Unscannable struct{ Why string }

func (u Unscannable) Error() string { return ErrUnscannable.Error() + ": " + u.Why }

// Is makes it an ErrUnscannable.
func (u Unscannable) Is(target error) bool { return target == ErrUnscannable }

// FileVerdict is what an admin says of a file that no scanner can look through.
type FileVerdict string

// The verdicts.
const (
	ReleaseFile FileVerdict = "release" // it may be opened as it is
	RemoveFile  FileVerdict = "remove"  // its bytes go
	RescanFile  FileVerdict = "scan"    // the scanner can do more than it could
)

// Judged is a file after a verdict. Errors: Invalid on "verdict".
func (a Attachment) Judged(v FileVerdict) (Attachment, error) {
	switch v {
	case ReleaseFile:
		a.State = FileKept
	case RemoveFile:
		a.State = FileRemoved
	case RescanFile:
		a.State = FileQuarantined
	default:
		return a, NewInvalid("verdict", "error.form")
	}
	return a, nil
}

// UnscannedFile is one that waits for a verdict, with its ticket's number.
type UnscannedFile struct {
	Attachment
	Number       int64
	CustomerName string
}

// With says what a file hangs on: a message or a note of a ticket.
func (a Attachment) With(m Message) Attachment {
	a.TicketID, a.CustomerID, a.MessageID, a.Internal = m.TicketID, m.CustomerID, m.ID, m.Internal
	a.PersonID, a.CreatedAt = m.AuthorID, m.CreatedAt
	return a
}

// WithFinding says that a file shows what a finding tells.
func (a Attachment) WithFinding(f Finding) Attachment {
	a.TicketID, a.CustomerID, a.FindingID, a.Internal = f.TicketID, f.CustomerID, f.ID, true
	a.PersonID, a.CreatedAt = f.AuthorID, f.CreatedAt
	return a
}

// Upload is a file on its way in, its person's alone until its form is sent.
type Upload struct {
	ID              ID
	PersonID        ID
	CustomerID      ID
	SubcontractorID ID
	Name            string
	Type            string // once it is whole
	Bytes           int64
	Received        int64
	Pieces          []string
	Blob            string // once it is whole
	Sum             string
	Mark            string // tells the same file sent again
	CreatedAt       time.Time
}

// NewUpload records that a person sends a file.
func NewUpload(p Person, name string, size int64, mark string, now time.Time) Upload {
	return Upload{ID: NewID(), PersonID: p.ID, CustomerID: p.CustomerID, SubcontractorID: p.SubcontractorID, Name: FileName(name), Bytes: size,
		Pieces: []string{}, Mark: cut(clean(mark), 100), CreatedAt: now}
}

// Whole tells a file of which all has come.
func (u Upload) Whole() bool { return u.Blob != "" }

// UploadLife is how long a file waits for its form, and MaxUploads how many wait of
// one person.
const (
	UploadLife = 24 * time.Hour
	MaxUploads = 200
)

// FileLimits is which files a desk takes. Of what is zero, it is as DefaultFiles.
type FileLimits struct {
	Each     int64  `json:"each,omitempty"`     // bytes of one file
	Together int64  `json:"together,omitempty"` // bytes of all files of one message
	Programs bool   `json:"programs,omitempty"` // takes what a machine could run
	Refused  string `json:"refused,omitempty"`  // more endings that it refuses, such as ".iso .img"
}

// Bounds of a desk's limits, in bytes, and how many files a message may have.
const (
	LeastFileBytes  = 1 << 20
	MostFileBytes   = 2 << 30
	MaxMessageFiles = 30
	maxRefused      = 50
)

// DefaultFiles is what a new desk takes.
var DefaultFiles = FileLimits{Each: 250 << 20, Together: 500 << 20}

// Limits is what the desk takes.
func (d Desk) Limits() FileLimits {
	l := d.Files
	if l.Each == 0 {
		l.Each = DefaultFiles.Each
	}
	if l.Together == 0 {
		l.Together = DefaultFiles.Together
	}
	return l
}

// programs are endings of what a machine runs when it is opened (after the list of
// what Outlook blocks, "Blocked attachments in Outlook"), and hidden those that are
// also looked for before the last dot: "a.exe.pdf" is no name that anybody needs,
// "portal.office.com.har" is.
var (
	programs = strings.Fields(`.ade .adp .app .appref-ms .appx .asp .aspx .bat .chm .cmd .cnt .com .cpl .crt .csh .der .diagcab .dll .exe .fxp .gadget .grp
		.hlp .hpj .hta .htc .inf .ins .iso .isp .its .jar .jnlp .js .jse .ksh .lnk .mad .maf .mag .mam .maq .mar .mas .mat .mau .mav .maw .mda .mdb .mde .mdt
		.mdw .mdz .msc .msh .msi .msix .msp .mst .msu .ops .osd .pcd .pif .plg .prf .prg .printerexport .ps1 .ps1xml .ps2 .psc1 .psc2 .psd1 .psdm1 .pst .reg
		.scf .scr .sct .settingcontent-ms .shb .shs .sys .theme .tmp .udl .url .vb .vbe .vbp .vbs .vhd .vhdx .vsmacros .vsw .vxd .wsb .wsc .wsf .wsh .xbap .xll .xnk`)
	hidden = []string{".exe", ".scr", ".bat", ".cmd", ".pif", ".hta", ".vbs", ".vbe", ".jse", ".wsf", ".ps1", ".msi", ".lnk", ".jar", ".cpl"}
)

// Takes tells what stands against a file of a name, a size and a type, as a message
// key; "" for nothing. The type is "" before its bytes are known.
func (l FileLimits) Takes(name string, size int64, kind string) string {
	name = strings.ToLower(FileName(name))
	parts := strings.Split(name, ".")
	switch {
	case size > l.Each:
		return "files.refused.size"
	case size == 0:
		return "files.refused.empty"
	case slices.Contains(strings.Fields(l.Refused), path.Ext(name)):
		return "files.refused.kind"
	case l.Programs:
		return ""
	case slices.Contains(programs, path.Ext(name)), Runs(kind):
		return "files.refused.program"
	}
	for _, part := range parts[1:] {
		if slices.Contains(hidden, "."+part) {
			return "files.refused.program"
		}
	}
	return ""
}

// With returns new limits: sizes in megabytes, endings parted by spaces or commas.
// Errors: Invalid, by field.
func (l FileLimits) With(each, together int64, programs bool, refused string) (FileLimits, error) {
	var p Problems
	var endings []string
	l = FileLimits{Each: each << 20, Together: together << 20, Programs: programs}
	if each < 1 || each > MostFileBytes>>20 {
		p.Add("each", "files.limit_range", "Most", MostFileBytes>>20)
	}
	if together < each || together > 2*MostFileBytes>>20 {
		p.Add("together", "files.limit_together", "Most", 2*MostFileBytes>>20)
	}
	for _, ext := range strings.FieldsFunc(strings.ToLower(refused), func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '\n' || r == '\r' || r == '\t' }) {
		ext = "." + strings.TrimLeft(ext, "*.")
		if !plainExtension(ext) {
			p.Add("refused", "files.limit_ending", "Ending", cut(ext, 20))
		} else if !slices.Contains(endings, ext) {
			endings = append(endings, ext)
		}
	}
	if len(endings) > maxRefused {
		p.Add("refused", "files.limit_endings", "Most", maxRefused)
	}
	slices.Sort(endings)
	l.Refused = strings.Join(endings, " ")
	return l, p.Err()
}

func plainExtension(ext string) bool {
	if len(ext) < 2 || len(ext) > longestExtension+4 {
		return false
	}
	return strings.Trim(ext[1:], "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

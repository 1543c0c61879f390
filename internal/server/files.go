package server

import (
	"errors"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/page"
)

// fileRoutes are the files of tickets, and files on their way in.
func (s *Server) fileRoutes(r chi.Router) {
	r.Post("/{desk}/tickets/{number}/attachments", s.signedIn(s.writeMessage))
	r.Get("/{desk}/tickets/{number}/attachments/{attachment}", s.signedIn(s.attachment))
	r.Get("/{desk}/tickets/{number}/attachments/{attachment}/thumbnail", s.signedIn(s.thumbnail))
	r.Post("/{desk}/tickets/{number}/attachments/{attachment}/verdict", s.signedIn(s.judgeFile))
	r.Post("/{desk}/uploads", s.signedIn(s.beginUpload))
	r.Get("/{desk}/uploads/{upload}", s.signedIn(s.upload))
	r.Put("/{desk}/uploads/{upload}", s.signedIn(s.receivePiece))
	r.Post("/{desk}/uploads/{upload}/removal", s.signedIn(s.dropUpload))
	r.Get("/{desk}/settings/files", s.signedIn(s.fileLimits))
	r.Post("/{desk}/settings/files", s.signedIn(s.saveFileLimits))
}

// attachment hands a file out. Only what is surely a picture or plain text is shown in
// place; anything else, whatever it says that it is, is a file to keep.
func (s *Server) attachment(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.handOut(w, r, who, false)
}

// thumbnail is the small picture of an image, made by us.
func (s *Server) thumbnail(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.handOut(w, r, who, true)
}

func (s *Server) handOut(w http.ResponseWriter, r *http.Request, who desk.Actor, small bool) error {
	number, err := ticketNumber(r)
	if err != nil {
		return err
	}
	id, err := desk.ParseID(chi.URLParam(r, "attachment"))
	if err != nil {
		return err
	}
	f, body, err := s.app.ReadFile(r.Context(), who, number, id, small)
	if errors.Is(err, desk.ErrConflict) { // no scanner has seen it: it is not there yet
		err = desk.ErrNotFound
	}
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	kind, tag := servedAs(f), f.Sum
	if small {
		kind, tag = "image/jpeg", "small-"+f.Sum
	}
	asFile(w, f.Name, kind)
	h := w.Header()
	if kind != "application/octet-stream" {
		h.Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": f.Name}))
	}
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	// Asked again each time, as rights end; what is the same is not sent again.
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(pour(w), r, "", time.Time{}, body)
	return nil
}

// servedAs is the type that a file is handed out under: never one that a browser
// would run.
func servedAs(f desk.Attachment) string {
	switch {
	case desk.Picture(f.Type):
		return f.Type
	case f.Type == desk.PlainText:
		return "text/plain; charset=utf-8"
	}
	return "application/octet-stream"
}

// uploadState is how far a file has come, for the script that sends it.
type uploadState struct {
	ID       string `json:"id"`
	Received int64  `json:"received"`
	Bytes    int64  `json:"bytes"`
	Whole    bool   `json:"whole"`
	Piece    int    `json:"piece"` // bytes that one piece may have
	Wrong    string `json:"wrong,omitempty"`
}

func stateOf(u desk.Upload) uploadState {
	return uploadState{ID: u.ID.String(), Received: u.Received, Bytes: u.Bytes, Whole: u.Whole(), Piece: app.PieceBytes}
}

func (s *Server) beginUpload(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	size, err := strconv.ParseInt(r.PostFormValue("bytes"), 10, 64)
	if err != nil {
		return desk.NewInvalid("bytes", "error.form")
	}
	u, err := s.app.BeginUpload(r.Context(), who, r.PostFormValue("name"), size, r.PostFormValue("mark"))
	return s.answerUpload(w, r, who, http.StatusCreated, u, err)
}

func (s *Server) upload(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "upload"))
	if err != nil {
		return err
	}
	u, err := s.app.ReadUpload(r.Context(), who, id)
	return s.answerUpload(w, r, who, http.StatusOK, u, err)
}

// receivePiece takes the bytes that begin at Upload-Offset. A piece that does not
// begin where the file stands is answered with where that is.
func (s *Server) receivePiece(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "upload"))
	if err != nil {
		return err
	}
	offset, err := strconv.ParseInt(r.Header.Get("Upload-Offset"), 10, 64)
	if err != nil || offset < 0 {
		return desk.NewInvalid("", "error.form")
	}
	line := wholeLine(w, r, app.PieceBytes)
	u, err := s.app.ReceivePiece(r.Context(), who, id, offset, line)
	if errors.Is(err, desk.ErrConflict) {
		if u, err = s.app.ReadUpload(r.Context(), who, id); err == nil {
			writeJSON(w, http.StatusConflict, stateOf(u))
			return nil
		}
	}
	return s.answerUpload(w, r, who, http.StatusOK, u, err)
}

func (s *Server) dropUpload(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "upload"))
	if err == nil {
		err = s.app.DropUpload(r.Context(), who, id)
	}
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

// answerUpload tells the script how a file stands, or why it is not taken, in the
// reader's words.
func (s *Server) answerUpload(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, u desk.Upload, err error) error {
	if wrong, ok := problems(err); ok {
		writeJSON(w, http.StatusUnprocessableEntity, uploadState{Wrong: page.RefusedFile(i18n.From(r.Context()), who.Desk.Limits(), wrong[0])})
		return nil
	}
	if errors.Is(err, app.ErrUpload) {
		writeJSON(w, http.StatusBadRequest, uploadState{})
		return nil
	}
	if err != nil {
		return err
	}
	writeJSON(w, status, stateOf(u))
	return nil
}

func (s *Server) fileLimits(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := who.May(desk.ManageDesk); err != nil {
		return err
	}
	form := page.FileLimitsFormOf(who.Desk)
	if draft, ok := s.takeDraft(r); ok {
		form = page.FileLimitsForm{Each: draft.Get("each"), Together: draft.Get("together"), Programs: draft.Has("programs"), Refused: draft.Get("refused"), Restored: true}
	}
	if err := s.scanning(r, who, &form); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.EditFileLimits(s.frame(r, who, "files"), form))
}

// scanning says on the form what a scanner takes, and which files wait because of that.
func (s *Server) scanning(r *http.Request, who desk.Actor, form *page.FileLimitsForm) (err error) {
	form.Scans, form.ScanMost = s.app.Scans()
	form.Unscanned, err = s.app.UnscannedFiles(r.Context(), who)
	return err
}

// judgeFile takes an admin's word on a file that no scanner could look through.
func (s *Server) judgeFile(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, err := ticketNumber(r)
	if err != nil {
		return err
	}
	id, err := desk.ParseID(chi.URLParam(r, "attachment"))
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	verdict := desk.FileVerdict(r.PostForm.Get("verdict"))
	if verdict == desk.RemoveFile && !r.PostForm.Has("sure") {
		return s.askToRemove(w, r, who, number, id)
	}
	if err := s.app.JudgeFile(r.Context(), who, number, id, verdict); err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/tickets/"+strconv.FormatInt(number, 10), "files.judged_done")
}

// askToRemove asks an admin once more before a file goes for good.
func (s *Server) askToRemove(w http.ResponseWriter, r *http.Request, who desk.Actor, number int64, id desk.ID) error {
	if err := who.May(desk.ManageDesk); err != nil {
		return err
	}
	th, err := s.app.ReadTicket(r.Context(), who, number)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(th.Files, func(x desk.Attachment) bool { return x.ID == id })
	if i < 0 {
		return desk.ErrNotFound
	}
	if th.Files[i].State != desk.FileUnscanned { // it waits no more
		return desk.ErrConflict
	}
	return s.render(w, r, http.StatusOK, page.RemoveFile(s.frame(r, who, "queue"), strconv.FormatInt(number, 10), th.Files[i]))
}

func (s *Server) saveFileLimits(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	v := r.PostForm
	form := page.FileLimitsForm{Each: v.Get("each"), Together: v.Get("together"), Programs: v.Has("programs"), Refused: v.Get("refused")}
	each, _ := strconv.ParseInt(form.Each, 10, 32) // what is no number is out of range
	together, _ := strconv.ParseInt(form.Together, 10, 32)
	err := s.app.SaveFileLimits(r.Context(), who, each, together, form.Programs, form.Refused)
	if wrong, ok := problems(err); ok {
		form.Problems = wrong
		if err := s.scanning(r, who, &form); err != nil {
			return err
		}
		return s.render(w, r, http.StatusUnprocessableEntity, page.EditFileLimits(s.frame(r, who, "files"), form))
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/files", "files.limits_saved")
}

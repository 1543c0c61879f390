package microsoft

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Mail is one that lies in a mailbox.
type Mail struct {
	ID     string
	Folder string // display name
	Raw    []byte
	At     time.Time
	Read   bool
}

// routeMailboxes answers what Graph tells of mailboxes, and takes what is said of them
// ("Use the Outlook mail REST API").
func (s *Server) routeMailboxes() {
	s.mux.HandleFunc("GET /graph/v1.0/users/{user}/mailFolders", s.graph(s.mailFolders))
	s.mux.HandleFunc("GET /graph/v1.0/users/{user}/mailFolders/{folder}/messages/delta", s.graph(s.mailDelta))
	s.mux.HandleFunc("GET /graph/v1.0/users/{user}/messages/{id}/$value", s.graph(s.mailValue))
	s.mux.HandleFunc("PATCH /graph/v1.0/users/{user}/messages/{id}", s.graph(s.mailMark))
}

// Deliver puts a mail into a mailbox, which is there from then on.
func (s *Server) Deliver(tenant, user, folder string, raw []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mails == nil {
		s.mails = map[string][]Mail{}
	}
	box := tenant + "/" + strings.ToLower(user)
	s.mails[box] = append(s.mails[box], Mail{ID: "AAMk/" + uuid.NewString() + "==", Folder: folder, Raw: raw, At: s.config.Now().UTC()})
}

// Mails are those of a mailbox, in the order in which they came.
func (s *Server) Mails(tenant, user string) []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails[tenant+"/"+strings.ToLower(user)])
}

// ForgetPlaces makes every link that tells how far a mailbox was read worthless.
func (s *Server) ForgetPlaces() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.places++
}

// mailbox finds whose mails are asked for; there is none that nothing was delivered to.
func (s *Server) mailbox(w http.ResponseWriter, r *http.Request, t Tenant) ([]Mail, bool) {
	list := s.Mails(t.ID, r.PathValue("user"))
	if list == nil {
		s.refuse(w, http.StatusNotFound, "ErrorInvalidUser", "The requested user '"+r.PathValue("user")+"' is invalid.")
	}
	return list, list != nil
}

func folderID(name string) string {
	if name == "Inbox" {
		return "inbox"
	}
	return "F-" + name
}

func (s *Server) mailFolders(w http.ResponseWriter, r *http.Request, t Tenant) {
	list, ok := s.mailbox(w, r, t)
	if !ok {
		return
	}
	name, found := strings.CutPrefix(r.URL.Query().Get("$filter"), "displayName eq '")
	name, ended := strings.CutSuffix(name, "'")
	if !found || !ended {
		s.refuse(w, http.StatusBadRequest, "ErrorInvalidUrlQueryFilter", "The query filter is invalid.")
		return
	}
	value := []map[string]string{}
	if name = strings.ReplaceAll(name, "''", "'"); slices.ContainsFunc(list, func(m Mail) bool { return m.Folder == name }) {
		value = append(value, map[string]string{"id": folderID(name)})
	}
	s.answer(w, http.StatusOK, map[string]any{"value": value})
}

// mailDelta answers a page of a round ("message: delta"): a round begins with a filter
// or where the one before ended, and is told page by page.
func (s *Server) mailDelta(w http.ResponseWriter, r *http.Request, t Tenant) {
	list, ok := s.mailbox(w, r, t)
	if !ok {
		return
	}
	q := r.URL.Query()
	from, since, ok := s.placeOf(w, q)
	if !ok {
		return
	}
	size := 10
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("Prefer"), ","), ",") {
		if n, err := strconv.Atoi(strings.TrimPrefix(strings.TrimSpace(part), "odata.maxpagesize=")); err == nil && n > 0 {
			size = min(n, s.config.LargestPage)
		}
	}
	value, at := []map[string]string{}, from
	for ; at < len(list) && len(value) < size; at++ {
		if m := list[at]; folderID(m.Folder) == r.PathValue("folder") && !m.At.Before(since) {
			value = append(value, map[string]string{"@odata.etag": `W/"` + m.ID + `"`, "id": m.ID})
		}
	}
	kind, name := "$skiptoken", "@odata.nextLink"
	if at == len(list) {
		kind, name = "$deltatoken", "@odata.deltaLink"
	}
	s.mu.Lock()
	token := fmt.Sprintf("%d.%d.%d", s.places, at, since.Unix())
	s.mu.Unlock()
	link := s.Graph().JoinPath("v1.0/users", url.PathEscape(r.PathValue("user")), "mailFolders", r.PathValue("folder"), "messages/delta")
	link.RawQuery = url.Values{kind: {token}}.Encode()
	s.answer(w, http.StatusOK, map[string]any{"value": value, name: link.String()})
}

// placeOf reads where a page begins, and what is too old for it.
func (s *Server) placeOf(w http.ResponseWriter, q url.Values) (from int, since time.Time, ok bool) {
	token := q.Get("$skiptoken") + q.Get("$deltatoken")
	if token == "" {
		text, found := strings.CutPrefix(q.Get("$filter"), "receivedDateTime ge ")
		since, err := time.Parse(time.RFC3339, text)
		if !found || err != nil || q.Get("changeType") != "created" || q.Get("$select") == "" {
			s.refuse(w, http.StatusBadRequest, "ErrorInvalidUrlQueryFilter", "The query filter is invalid.")
			return 0, since, false
		}
		return 0, since, true
	}
	var places int
	var seconds int64
	_, err := fmt.Sscanf(token, "%d.%d.%d", &places, &from, &seconds)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil || places != s.places {
		s.refuse(w, http.StatusGone, "syncStateNotFound", "The sync state generation is not found; resync required.")
		return 0, since, false
	}
	return from, time.Unix(seconds, 0), true
}

func (s *Server) mailValue(w http.ResponseWriter, r *http.Request, t Tenant) {
	list, ok := s.mailbox(w, r, t)
	if !ok {
		return
	}
	i := slices.IndexFunc(list, func(m Mail) bool { return m.ID == r.PathValue("id") })
	if i < 0 {
		s.refuse(w, http.StatusNotFound, "ErrorItemNotFound", "The specified object was not found in the store.")
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	_, _ = w.Write(list[i].Raw) // the reader may be gone
}

func (s *Server) mailMark(w http.ResponseWriter, r *http.Request, t Tenant) {
	if _, ok := s.mailbox(w, r, t); !ok {
		return
	}
	s.mu.Lock()
	list := s.mails[t.ID+"/"+strings.ToLower(r.PathValue("user"))]
	i := slices.IndexFunc(list, func(m Mail) bool { return m.ID == r.PathValue("id") })
	if i >= 0 {
		list[i].Read = true
	}
	s.mu.Unlock()
	if i < 0 {
		s.refuse(w, http.StatusNotFound, "ErrorItemNotFound", "The specified object was not found in the store.")
		return
	}
	s.answer(w, http.StatusOK, map[string]any{"id": r.PathValue("id"), "isRead": true})
}

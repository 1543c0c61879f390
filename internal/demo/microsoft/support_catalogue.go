package microsoft

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
)

// supportService is a service that a request can be about. The ids are made up;
// Microsoft's own are read from the interface, never written down.
type supportService struct {
	id, name string
	problems []supportProblem
}

type supportProblem struct{ id, name string }

var supportServices = []supportService{
	{"6f16735c-b0ae-b275-ad3a-03479cfa1396", "Virtual Machine running Windows", []supportProblem{{"4d78b174-3203-a3ac-9e08-41fb35de6354", "Cannot connect to my VM / Troubleshoot my network security group (NSG)"}, {"5e79b174-3203-a3ac-9e08-41fb35de6355", "VM performance / Slow"}}},
	{"cddd3eb5-1830-b494-44fd-782f691479dc", "Virtual Machine running Linux", []supportProblem{{"9a1b174a-3203-a3ac-9e08-41fb35de6356", "Cannot connect to my VM / Connectivity"}}},
	{"1a9c2b6e-5f0d-4a8e-93c1-0a4c5f7d2e11", "App Service (Web Apps)", []supportProblem{{"2b9c2b6e-5f0d-4a8e-93c1-0a4c5f7d2e12", "Availability, Performance, and Application Issues / Web app down"}}},
	{"3c9c2b6e-5f0d-4a8e-93c1-0a4c5f7d2e13", "Azure SQL Database", []supportProblem{{"4d9c2b6e-5f0d-4a8e-93c1-0a4c5f7d2e14", "Connectivity / Login failed"}}},
	{"5e9c2b6e-5f0d-4a8e-93c1-0a4c5f7d2e15", "Microsoft Entra Sign-in and Multifactor Authentication", []supportProblem{{"6f9c2b6e-5f0d-4a8e-93c1-0a4c5f7d2e16", "Sign-in issues / Users cannot sign in"}}},
	{"7a9c2b6e-5f0d-4a8e-93c1-0a4c5f7d2e17", "Storage Account Management", []supportProblem{{"8b9c2b6e-5f0d-4a8e-93c1-0a4c5f7d2e18", "Availability / Cannot reach my storage account"}}},
	{"9c9c2b6e-5f0d-4a8e-93c1-0a4c5f7d2e19", "VPN Gateway", []supportProblem{{"a19c2b6e-5f0d-4a8e-93c1-0a4c5f7d2e20", "Connectivity / Site-to-site connection drops"}}},
	{"b29c2b6e-5f0d-4a8e-93c1-0a4c5f7d2e21", "Azure Virtual Desktop", []supportProblem{{"c39c2b6e-5f0d-4a8e-93c1-0a4c5f7d2e22", "Issues connecting to session host / Users cannot connect"}}},
}

const supportRoot = "/providers/Microsoft.Support/services/"

// holds tells whether a problem is one of the service.
func (o supportService) holds(service, problem string) bool {
	return service == supportRoot+o.id && slices.ContainsFunc(o.problems, func(p supportProblem) bool { return problem == service+"/problemClassifications/"+p.id })
}

func (s *Server) listServices(w http.ResponseWriter, _ *http.Request, _ Tenant) {
	list := []entry{}
	for _, o := range supportServices {
		list = append(list, entry{"id": supportRoot + o.id, "name": o.id, "type": "Microsoft.Support/services", "properties": entry{"displayName": o.name, "resourceTypes": []string{}}})
	}
	s.answer(w, http.StatusOK, entry{"value": list})
}

func (s *Server) listProblems(w http.ResponseWriter, r *http.Request, _ Tenant) {
	list := []entry{}
	for _, o := range supportServices {
		for _, p := range o.problems {
			if o.id == strings.ToLower(r.PathValue("service")) {
				list = append(list, entry{"id": supportRoot + o.id + "/problemClassifications/" + p.id, "name": p.id, "type": "Microsoft.Support/problemClassifications",
					"properties": entry{"displayName": p.name, "secondaryConsentEnabled": []entry{}}})
			}
		}
	}
	s.answer(w, http.StatusOK, entry{"value": list})
}

// supportFile is a file as it comes in, chunk by chunk.
type supportFile struct {
	size, chunk int64
	chunks      int
	content     []byte
	got         int
}

func (f *supportFile) whole() bool { return f.got == f.chunks && int64(len(f.content)) == f.size }

func (f *supportFile) written(r *http.Request, now time.Time) entry {
	return entry{"id": r.URL.Path, "name": r.PathValue("file"), "type": "Microsoft.Support/files",
		"properties": entry{"createdOn": now.Format(time.RFC3339), "chunkSize": f.chunk, "fileSize": f.size, "numberOfChunks": f.chunks}}
}

func workspaceKey(r *http.Request) string {
	return strings.ToLower(r.PathValue("subscription") + "/" + r.PathValue("workspace"))
}

func (s *Server) putWorkspace(w http.ResponseWriter, r *http.Request, _ Tenant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.support.workspaces[workspaceKey(r)] == nil {
		s.support.workspaces[workspaceKey(r)] = map[string]*supportFile{}
	}
	s.answer(w, http.StatusCreated, entry{"id": r.URL.Path, "name": r.PathValue("workspace"), "type": "Microsoft.Support/fileWorkspaces",
		"properties": entry{"createdOn": s.now().Format(time.RFC3339), "expirationTime": s.now().Add(24 * time.Hour).Format(time.RFC3339)}})
}

// Limits of files ("Files - Create").
const (
	mostFileSize  = 5 << 20
	mostChunkSize = 5 << 19
	mostChunks    = 2
)

var blockedFiles = []string{".bat", ".cmd", ".exe", ".ps1", ".js", ".vbs", ".com", ".lnk", ".reg", ".msi", ".scr"}

func (s *Server) putFile(w http.ResponseWriter, r *http.Request, _ Tenant) {
	var sent struct {
		Properties struct {
			Chunk  int64 `json:"chunkSize"`
			Size   int64 `json:"fileSize"`
			Chunks int   `json:"numberOfChunks"`
		} `json:"properties"`
	}
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&sent)
	s.mu.Lock()
	defer s.mu.Unlock()
	files := s.support.workspaces[workspaceKey(r)]
	p, there := sent.Properties, files[r.PathValue("file")]
	switch {
	case files == nil:
		s.refuse(w, http.StatusNotFound, "ResourceNotFound", "The file workspace was not found.")
	case there != nil && there.whole():
		s.refuse(w, http.StatusConflict, "Conflict", "A file with the same name already exists.")
	case err != nil, p.Size < 1, p.Size > mostFileSize, p.Chunk < 1, p.Chunk > mostChunkSize, p.Chunks < 1, p.Chunks > mostChunks, p.Chunk*int64(p.Chunks) < p.Size:
		s.refuse(w, http.StatusBadRequest, "BadRequest", "File size, chunk size or number of chunks is not allowed.")
	case slices.Contains(blockedFiles, strings.ToLower(path.Ext(r.PathValue("file")))):
		s.refuse(w, http.StatusBadRequest, "BadRequest", "The file type is not allowed.")
	default:
		files[r.PathValue("file")] = &supportFile{size: p.Size, chunk: p.Chunk, chunks: p.Chunks}
		s.answer(w, http.StatusCreated, files[r.PathValue("file")].written(r, s.now()))
	}
}

func (s *Server) getFile(w http.ResponseWriter, r *http.Request, _ Tenant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.support.workspaces[workspaceKey(r)][r.PathValue("file")]; f != nil {
		s.answer(w, http.StatusOK, f.written(r, s.now()))
		return
	}
	s.refuse(w, http.StatusNotFound, "ResourceNotFound", "The file was not found.")
}

func (s *Server) upload(w http.ResponseWriter, r *http.Request, _ Tenant) {
	var sent struct {
		Content string `json:"content"`
		Index   int    `json:"chunkIndex"`
	}
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 8<<20)).Decode(&sent)
	content, bad := base64.StdEncoding.DecodeString(sent.Content)
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.support.workspaces[workspaceKey(r)][r.PathValue("file")]
	switch {
	case f == nil:
		s.refuse(w, http.StatusNotFound, "ResourceNotFound", "The file was not found.")
	case err == nil && sent.Index < f.got:
		s.refuse(w, http.StatusConflict, "Conflict", "The chunk was uploaded already.")
	case err != nil, bad != nil, sent.Index != f.got, f.got == f.chunks, int64(len(content)) > f.chunk, int64(len(f.content)+len(content)) > f.size:
		s.refuse(w, http.StatusBadRequest, "BadRequest", "The chunk does not fit the file that was created.")
	default:
		f.content, f.got = append(f.content, content...), f.got+1
		w.WriteHeader(http.StatusNoContent)
	}
}

// Uploaded is a file that came in whole, for tests.
func (s *Server) Uploaded(subscription, workspace, file string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.support.workspaces[strings.ToLower(subscription+"/"+workspace)][file]
	if f == nil || !f.whole() {
		return nil, false
	}
	return f.content, true
}

// Workspace lists the files of a workspace, for tests.
func (s *Server) Workspace(subscription, workspace string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.support.workspaces[strings.ToLower(subscription+"/"+workspace)]))
}

package access

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
)

// Role is one that a relationship can give: of Microsoft Entra, or of Azure.
type Role struct {
	ID    string // template id
	Name  string // as Microsoft's English portals have it
	Rank  int    // by privilege, 1 is the least; ours
	Azure bool   // of Azure subscriptions, not of Entra
}

// entry is a role with what it permits. Tickets is the permission
// microsoft.office365.supportTickets/allEntities/allTasks, AzureTickets
// microsoft.azure.supportTickets/allEntities/allTasks, Health
// microsoft.office365.serviceHealth/allEntities/allTasks (Microsoft Entra,
// "Microsoft Entra built-in roles").
type entry struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Rank         int      `json:"rank"`
	Tickets      bool     `json:"tickets"`
	AzureTickets bool     `json:"azure_tickets"`
	Health       bool     `json:"health"`
	Administers  []string `json:"administers"` // workloads; * for all
}

func (e entry) role() Role { return Role{ID: e.ID, Name: e.Name, Rank: e.Rank} }

func (e entry) administers(workload string) bool {
	return slices.Contains(e.Administers, workload) || slices.Contains(e.Administers, "*")
}

// Names and ids of roles that the rules speak of.
const (
	globalAdministrator   = "62e90394-69f5-4237-9190-012177145e10"
	supportAdministrator  = "f023fd81-a637-4b56-95fd-791ac0226033"
	directoryReaders      = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"
	supportRequestBuiltIn = "cfd33db0-3dd1-45e3-aa9d-cdbdf3b6f24e" // Azure built-in roles, Support Request Contributor
	contributorBuiltIn    = "b24988ac-6180-42a0-ab88-20f7382dd24c" // Contributor
	ownerBuiltIn          = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635" // Owner
)

// Azure's roles that may write Microsoft.Support/supportTickets, the least first.
var (
	azureSupport     = Role{ID: supportRequestBuiltIn, Name: "Support Request Contributor", Rank: 1, Azure: true}
	azureContributor = Role{ID: contributorBuiltIn, Name: "Contributor", Rank: 8, Azure: true}
	azureOwner       = Role{ID: ownerBuiltIn, Name: "Owner", Rank: 10, Azure: true}
)

//go:embed roles.json
var rolesFile []byte

var entries, byID = readRoles()

func readRoles() ([]entry, map[string]entry) {
	var list []entry
	if err := json.Unmarshal(rolesFile, &list); err != nil {
		panic("roles.json: " + err.Error()) // a test reads it
	}
	all := make(map[string]entry, len(list))
	for _, e := range list {
		all[e.ID] = e
	}
	return list, all
}

// Roles lists those of Entra that are known, the least first.
func Roles() []Role {
	var list []Role
	for _, e := range entries {
		list = append(list, e.role())
	}
	return list
}

// RoleByID finds a role; an unknown one has its id for a name.
func RoleByID(id string) Role {
	id = strings.ToLower(strings.TrimSpace(id))
	if e, ok := byID[id]; ok {
		return e.role()
	}
	return Role{ID: id, Name: id, Rank: 9}
}

// RoleNamed finds a role by its name or its id, in any case.
func RoleNamed(s string) (Role, bool) {
	s = strings.TrimSpace(s)
	for _, e := range entries {
		if strings.EqualFold(e.Name, s) || strings.EqualFold(e.ID, s) {
			return e.role(), true
		}
	}
	return Role{}, false
}

func rolesWith(fits func(entry) bool) []Role {
	var list []Role
	for _, e := range entries {
		if fits(e) {
			list = append(list, e.role())
		}
	}
	return list
}

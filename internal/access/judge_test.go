package access

import (
	"slices"
	"strings"
	"testing"
	"time"
)

var now = time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)

func in(days int) *time.Time {
	at := now.AddDate(0, 0, days)
	return &at
}

func gdap(roles ...string) Relationship {
	return Relationship{ID: "2ab1a9ac-c0f1-4b18-a7b0-0d35e9cf1d27-4f5b9d83-6d3a-4f54-9b27-9f5d8b8a4f0e", Name: "Support", Status: "active", Roles: ids(roles...), EndsAt: in(200), Source: FromGraph}
}

func ids(names ...string) []string {
	list := []string{}
	for _, name := range names {
		r, ok := RoleNamed(name)
		if !ok {
			panic(name)
		}
		list = append(list, r.ID)
	}
	return list
}

func with(r Relationship, change func(*Relationship)) Relationship {
	change(&r)
	return r
}

func holding(list ...Relationship) Holding {
	return Holding{Known: true, Relationships: list, AzureRole: Unknown, Reseller: Unknown, EntraPremium: Unknown}
}

const support, readers = "Service Support Administrator", "Directory Readers"

func TestRequestsForMicrosoft365(t *testing.T) {
	t.Parallel()
	group := func(status string, roles ...string) Group {
		return Group{ID: "g", Name: "Support desk", Status: status, Roles: ids(roles...)}
	}
	for name, tc := range map[string]struct {
		h       Holding
		answer  string
		missing string
		because string
		way     string
	}{
		"nobody told":             {Holding{}, Unknown, "", "nobody_told", "record"},
		"none":                    {holding(), No, "gdap", "gdap_none", "ask_gdap"},
		"the least role":          {holding(gdap(support)), Yes, "", "held", ""},
		"another that does":       {holding(gdap("Exchange Administrator")), Yes, "", "held", ""},
		"one that does not":       {holding(gdap(readers, "Global Reader", "License Administrator")), No, "role", "role_missing", "ask_role"},
		"ends soon":               {holding(with(gdap(support), func(r *Relationship) { r.EndsAt = in(12) })), Soon, "", "ends", "renew"},
		"goes on by itself":       {holding(with(gdap(support), func(r *Relationship) { r.EndsAt, r.AutoExtend = in(12), true })), Yes, "", "held", ""},
		"cannot go on by itself":  {holding(with(gdap("Global Administrator"), func(r *Relationship) { r.EndsAt, r.AutoExtend = in(12), true })), Soon, "", "ends", "renew"},
		"expiring is in force":    {holding(with(gdap(support), func(r *Relationship) { r.Status = "Expiring" })), Yes, "", "held", ""},
		"past its end":            {holding(with(gdap(support), func(r *Relationship) { r.EndsAt = in(-1) })), No, "gdap", "gdap_ended", "ask_gdap"},
		"expired":                 {holding(with(gdap(support), func(r *Relationship) { r.Status = "expired" })), No, "gdap", "gdap_over", "ask_gdap"},
		"terminated":              {holding(with(gdap(support), func(r *Relationship) { r.Status = "terminated" })), No, "gdap", "gdap_over", "ask_gdap"},
		"an unknown status":       {holding(with(gdap(support), func(r *Relationship) { r.Status = "unknownFutureValue" })), No, "gdap", "gdap_none", "ask_gdap"},
		"waits for the customer":  {holding(with(gdap(support), func(r *Relationship) { r.Status = "approvalPending" })), No, "gdap", "gdap_none", "approve"},
		"given to a group":        {holding(with(gdap(support), func(r *Relationship) { r.Groups = []Group{group("active", support)} })), Yes, "", "held", ""},
		"to no group":             {holding(with(gdap(support), func(r *Relationship) { r.Groups = []Group{} })), No, "group", "group_missing", "assign_group"},
		"a group in error":        {holding(with(gdap(support), func(r *Relationship) { r.Groups = []Group{group("error", support)} })), No, "group", "group_error", "assign_group"},
		"a group that waits":      {holding(with(gdap(support), func(r *Relationship) { r.Groups = []Group{group("pending", support)} })), No, "group", "group_pending", "assign_group"},
		"a group with more":       {holding(with(gdap(readers), func(r *Relationship) { r.Groups = []Group{group("active", support)} })), No, "role", "role_missing", "ask_role"},
		"Microsoft's alone":       {holding(with(gdap(support), func(r *Relationship) { r.Name = "MLT_contoso" })), No, "gdap", "read_only", "ask_gdap"},
		"Microsoft's and another": {holding(with(gdap(support), func(r *Relationship) { r.Name = "MLT_contoso" }), gdap(support)), Yes, "", "held", ""},
		"roles nobody told":       {holding(with(gdap(), func(r *Relationship) { r.Roles = nil })), Unknown, "", "roles_unknown", "record"},
		"extended since": {func() Holding {
			h := holding(with(gdap(support), func(r *Relationship) { r.EndsAt, r.AutoExtend = in(-1), true }))
			h.CheckedAt = in(-2)
			return h
		}(), Unknown, "", "extend_unread", "record"},
	} {
		for _, workload := range []string{"exchange", "dynamics", "power_platform", "other"} {
			v := Judge(tc.h, "direct", workload, OpenRequest, now)
			if v.Answer != tc.answer || strings.Join(v.Missing, ",") != tc.missing || !says(v.Because, tc.because) || tc.way != "" && !says(v.WayOut, tc.way) {
				t.Errorf("%s, %s: %+v", name, workload, v)
			}
			if v.Answer != Yes && v.Answer != Soon && v.Missing != nil && !slices.Contains([]string{"gdap", "role"}, tc.missing) {
				continue
			}
			if (v.Answer == No || v.Answer == Unknown) && tc.missing != "group" && v.Least.Name != support {
				t.Errorf("%s: the least role is %q", name, v.Least.Name)
			}
		}
	}
}

func says(list []Reason, key string) bool {
	return slices.ContainsFunc(list, func(r Reason) bool { return r.Key == key })
}

func TestRequestsForAzure(t *testing.T) {
	t.Parallel()
	azure := func(role, reseller string, list ...Relationship) Holding {
		h := holding(list...)
		h.AzureRole, h.Reseller = role, reseller
		return h
	}
	for name, tc := range map[string]struct {
		h        Holding
		relation string
		answer   string
		missing  string
		least    string
	}{
		"all there":            {azure(AzureSupport, Yes, gdap(readers)), "direct", Yes, "", ""},
		"a provider":           {azure(AzureOwner, Yes, gdap(readers)), "provider", Yes, "", ""},
		"an indirect reseller": {azure(AzureOwner, Yes, gdap(readers)), "reseller", No, "reseller", ""},
		"no relationship":      {azure(AzureOwner, Yes), "direct", No, "gdap", readers},
		"no Azure role":        {azure(AzureNone, Yes, gdap(readers)), "direct", No, "azure_role", "Support Request Contributor"},
		"nobody told the role": {azure(Unknown, Yes, gdap(readers)), "direct", Unknown, "", readers},
		"not its reseller":     {azure(AzureSupport, No, gdap(readers)), "direct", No, "reseller", readers},
		"nobody told of it":    {azure(AzureSupport, Unknown, gdap(readers)), "direct", Unknown, "", readers},
		"all is missing":       {azure(AzureNone, No), "direct", No, "gdap,azure_role,reseller", readers},
		"a role of Entra":      {azure(AzureNone, Yes, gdap("Global Administrator")), "direct", No, "azure_role", "Support Request Contributor"},
		"ends soon":            {azure(AzureSupport, Yes, with(gdap(readers), func(r *Relationship) { r.EndsAt = in(3) })), "direct", Soon, "", ""},
	} {
		v := Judge(tc.h, tc.relation, "azure", OpenRequest, now)
		if v.Answer != tc.answer || strings.Join(v.Missing, ",") != tc.missing || v.DeadEnd() != (tc.answer == No) {
			t.Errorf("%s: %+v", name, v)
		}
		if tc.least != "" && v.Least.Name != tc.least {
			t.Errorf("%s: the least role is %q, want %q", name, v.Least.Name, tc.least)
		}
	}
}

func TestRequestsForEntra(t *testing.T) {
	t.Parallel()
	h := func(premium, azureRole, reseller string, list ...Relationship) Holding {
		h := holding(list...)
		h.EntraPremium, h.AzureRole, h.Reseller = premium, azureRole, reseller
		return h
	}
	for name, tc := range map[string]struct {
		h        Holding
		relation string
		answer   string
	}{
		"premium, by role":             {h(Yes, AzureNone, No, gdap(support)), "direct", Yes},
		"premium, a reseller by role":  {h(Yes, AzureNone, No, gdap(support)), "reseller", Yes},
		"premium, without":             {h(Yes, AzureOwner, Yes, gdap(readers)), "direct", No},
		"free, by Azure":               {h(No, AzureSupport, Yes, gdap(readers)), "direct", Yes},
		"free, by role alone":          {h(No, AzureNone, Yes, gdap(support)), "direct", No},
		"free, a reseller":             {h(No, AzureOwner, Yes, gdap(support)), "reseller", No},
		"nobody knows, both would do":  {h(Unknown, AzureSupport, Yes, gdap(support)), "direct", Yes},
		"nobody knows, neither does":   {h(Unknown, AzureNone, No, gdap(readers)), "direct", No},
		"nobody knows, one of them":    {h(Unknown, AzureNone, Yes, gdap(support)), "direct", Unknown},
		"nobody knows, the other does": {h(Unknown, AzureSupport, Yes, gdap(readers)), "direct", Unknown},
	} {
		if v := Judge(tc.h, tc.relation, "entra", OpenRequest, now); v.Answer != tc.answer {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

func TestOtherActions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		role, workload string
		act            Action
		answer         string
	}{
		{"Global Reader", "exchange", ReadHealth, Yes},
		{"License Administrator", "exchange", ReadHealth, Yes},
		{readers, "exchange", ReadHealth, No},
		{"Intune Administrator", "intune", ReadHealth, No},
		{"Intune Administrator", "intune", OpenRequest, Yes},
		{"Exchange Administrator", "exchange", Administer, Yes},
		{"Exchange Administrator", "teams", Administer, No},
		{"Global Administrator", "teams", Administer, Yes},
		{"SharePoint Administrator", "onedrive", Administer, Yes},
		{support, "exchange", Administer, No},
		{"Dynamics 365 Business Central Administrator", "dynamics", Administer, Yes},
		{"Dynamics 365 Business Central Administrator", "dynamics", OpenRequest, No},
	} {
		if v := Judge(holding(gdap(tc.role)), "direct", tc.workload, tc.act, now); v.Answer != tc.answer {
			t.Errorf("%s, %s of %s: %+v", tc.role, tc.act, tc.workload, v)
		}
	}
	for _, workload := range elsewhere {
		if v := Judge(Holding{}, "reseller", workload, OpenRequest, now); v.Answer != Yes {
			t.Errorf("%s: %+v", workload, v)
		}
	}
	mlt := with(gdap("Global Reader", "Exchange Administrator"), func(r *Relationship) { r.Name = "MLT_x" })
	if v := Judge(holding(mlt), "direct", "exchange", ReadHealth, now); v.Answer != Yes {
		t.Errorf("a read-only one reads no health: %+v", v)
	}
	if v := Judge(holding(mlt), "direct", "exchange", Administer, now); v.Answer != No {
		t.Errorf("a read-only one administers: %+v", v)
	}
}

func TestApprovalLink(t *testing.T) {
	t.Parallel()
	id := gdap().ID
	if got := ApprovalLink(id); got != "https://admin.microsoft.com/AdminPortal/Home#/partners/invitation/granularAdminRelationships/"+id {
		t.Error(got)
	}
	for _, bad := range []string{"", "x", id[:36], id + "/../x", "javascript:alert(1)", id + "\n"} {
		if got := ApprovalLink(bad); got != "" {
			t.Errorf("%q leads to %q", bad, got)
		}
	}
}

func TestRolesAreWritten(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for i, e := range entries {
		if len(e.ID) != 36 || e.ID != strings.ToLower(e.ID) || e.Name == "" || seen[e.ID] || seen[e.Name] || e.Rank < 1 || i > 0 && e.Rank < entries[i-1].Rank {
			t.Errorf("role %+v", e)
		}
		seen[e.ID], seen[e.Name] = true, true
	}
	for _, w := range Workloads() {
		for _, a := range Actions() {
			if v := Judge(holding(), "direct", w, a, now); v.Answer != No && !(w == "azure" && v.Answer == Unknown) || v.Least.Name == "" {
				t.Errorf("%s of %s, with nothing: %+v", a, w, v)
			}
		}
	}
}

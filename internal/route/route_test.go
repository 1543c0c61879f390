package route

import (
	"encoding/json"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestShippedIsSound(t *testing.T) {
	t.Parallel()
	for _, p := range Shipped().Check() {
		t.Errorf("line %d: %s %s %v", p.Line, p.Field, p.Key, p.Args)
	}
	for i, l := range Shipped().Lines {
		for _, lang := range []string{"fr", "en"} {
			if len(l.Note) > 0 && l.Note[lang] == "" {
				t.Errorf("line %d has no note in %q", i+1, lang)
			}
		}
	}
}

// Each sentence of what Microsoft says about who may file what where.
func TestShippedSaysWhatTheSourcesSay(t *testing.T) {
	t.Parallel()
	shipped := Shipped()
	for _, c := range []struct {
		says   string
		c      Case
		target Target
		portal string
	}{
		{"a direct partner files all workloads: M365", Case{Relation: "direct", Workload: "exchange", Kind: "problem"}, Microsoft, "m365_admin"},
		{"a direct partner files all workloads: Azure", Case{Relation: "direct", Workload: "azure", Kind: "problem"}, Microsoft, "azure_portal"},
		{"a provider files all workloads: M365", Case{Relation: "provider", Workload: "teams", Kind: "problem"}, Microsoft, "m365_admin"},
		{"a provider files all workloads: Azure", Case{Relation: "provider", Workload: "azure", Kind: "problem"}, Microsoft, "azure_portal"},
		{"a provider files all workloads: Dynamics", Case{Relation: "provider", Workload: "dynamics", Kind: "problem", Plan: "psfp"}, Microsoft, "power_platform"},
		{"Azure of a reseller goes to its provider", Case{Relation: "reseller", Workload: "azure", Kind: "problem"}, Provider, "provider"},
		{"even if it has a support contract", Case{Relation: "reseller", Workload: "azure", Kind: "problem", Plan: "premier"}, Provider, "provider"},
		{"all else of a reseller goes there too: M365", Case{Relation: "reseller", Workload: "sharepoint", Kind: "problem"}, Provider, "provider"},
		{"all else of a reseller goes there too: Dynamics", Case{Relation: "reseller", Workload: "dynamics", Kind: "problem"}, Provider, "provider"},
		{"all else of a reseller goes there too: invoices", Case{Relation: "reseller", Workload: "other", Kind: "billing"}, Provider, "provider"},
		{"a third party's product goes to its publisher", Case{Relation: "direct", Workload: "marketplace", Kind: "problem"}, Publisher, "publisher"},
		{"a reseller's third party's product too", Case{Relation: "reseller", Workload: "marketplace", Kind: "problem"}, Publisher, "publisher"},
		{"a decision that names a third party", Case{Relation: "direct", Workload: "other", Kind: "problem", Category: "third_party"}, Publisher, "publisher"},
		{"the CSP partner does a product's billing", Case{Relation: "direct", Workload: "marketplace", Kind: "billing"}, Microsoft, "partner_center"},
		{"a reseller's through his provider", Case{Relation: "reseller", Workload: "marketplace", Kind: "billing"}, Provider, "provider"},
		{"a vulnerability goes to MSRC", Case{Relation: "direct", Workload: "exchange", Vulnerability: true}, MSRC, "msrc"},
		{"a reseller's vulnerability in Azure too", Case{Relation: "reseller", Workload: "azure", Vulnerability: true}, MSRC, "msrc"},

		{"CSP invoices", Case{Relation: "direct", Workload: "other", Kind: "billing"}, Microsoft, "partner_center"},
		{"reconciliation lines", Case{Relation: "direct", Workload: "azure", Kind: "billing", Topic: "invoice"}, Microsoft, "partner_center"},
		{"a decision about billing", Case{Relation: "provider", Workload: "exchange", Kind: "question", Category: "billing"}, Microsoft, "partner_center"},
		{"consumption behind usage", Case{Relation: "direct", Workload: "azure", Kind: "billing", Topic: "consumption"}, Microsoft, "azure_portal"},
		{"an Azure quota", Case{Relation: "direct", Workload: "azure", Kind: "subscription", Topic: "quota"}, Microsoft, "azure_portal"},
		{"an Azure transfer", Case{Relation: "direct", Workload: "azure", Kind: "subscription", Topic: "transfer"}, Microsoft, "azure_portal"},
		{"pricing, purchase, provisioning", Case{Relation: "direct", Workload: "azure", Kind: "subscription", Topic: "purchase"}, Microsoft, "partner_center"},
		{"a subscription, nothing more being said", Case{Relation: "direct", Workload: "apps", Kind: "subscription"}, Microsoft, "partner_center"},
		{"assigning seats, seat counts", Case{Relation: "direct", Workload: "other", Kind: "subscription", Topic: "seats"}, Microsoft, "m365_admin"},
		{"reservations are self-service first", Case{Relation: "direct", Workload: "azure", Kind: "billing", Topic: "reservation"}, Nobody, ""},
		{"activation has public articles", Case{Relation: "direct", Workload: "windows", Kind: "question", Topic: "activation"}, Nobody, ""},
		{"technical: the product's own portal, Entra", Case{Relation: "direct", Workload: "entra", Kind: "problem"}, Microsoft, "entra"},
		{"technical: the product's own portal, Intune", Case{Relation: "direct", Workload: "intune", Kind: "problem"}, Microsoft, "intune"},
		{"technical: the product's own portal, Defender", Case{Relation: "direct", Workload: "defender", Kind: "problem"}, Microsoft, "defender"},
		{"technical: the product's own portal, Purview", Case{Relation: "direct", Workload: "purview", Kind: "problem"}, Microsoft, "purview"},
		{"faults of Partner Center", Case{Relation: "direct", Workload: "partner_center", Kind: "problem"}, Microsoft, "partner_center"},
		{"a reseller's own Partner Center", Case{Relation: "reseller", Workload: "partner_center", Kind: "problem"}, Microsoft, "partner_center"},
		{"recent products on premises", Case{Relation: "direct", Workload: "on_premises", Kind: "problem", Plan: "incidents"}, Microsoft, "services_hub"},
		{"a reseller's too: the benefit is the partner's own", Case{Relation: "reseller", Workload: "on_premises", Kind: "problem"}, Microsoft, "services_hub"},
		{"D365", Case{Relation: "direct", Workload: "dynamics_fo", Kind: "problem", Plan: "asfp"}, Microsoft, "power_platform"},
		{"Power Platform", Case{Relation: "direct", Workload: "power_platform", Kind: "problem"}, Microsoft, "power_platform"},
		{"Power BI", Case{Relation: "direct", Workload: "power_bi", Kind: "problem"}, Microsoft, "power_platform"},

		{"sold by another partner", Case{Relation: "direct", Workload: "azure", Kind: "problem", Channel: "other_partner"}, OtherPartner, ""},
		{"bought without a partner", Case{Relation: "direct", Workload: "azure", Kind: "problem", Channel: "direct"}, Nobody, ""},
		{"nothing known", Case{}, Microsoft, "m365_admin"},
	} {
		r := shipped.Route(c.c)
		if r.Target != c.target || r.Portal != c.portal || len(r.Because) == 0 {
			t.Errorf("%s: to %s in %q because %v, want %s in %q", c.says, r.Target, r.Portal, r.Because, c.target, c.portal)
		}
	}
}

// Dynamics 365 in CSP is asked for with ASfP or higher, and the line says so.
func TestDynamicsSaysThatItNeedsAContract(t *testing.T) {
	t.Parallel()
	for plan, warned := range map[string]bool{"": true, "csp": true, "asfp": false, "psfp": false, "unified": false} {
		r := Shipped().Route(Case{Relation: "direct", Workload: "dynamics", Kind: "problem", Plan: plan})
		if (r.Note["fr"] != "") != warned || (r.Note["en"] != "") != warned {
			t.Errorf("with plan %q the note is %v", plan, r.Note)
		}
	}
}

func TestReasonsTellTheLine(t *testing.T) {
	t.Parallel()
	r := Shipped().Route(Case{Relation: "reseller", Workload: "azure", Kind: "problem"})
	if len(r.Because) != 3 || r.Because[0].Args["Relation"] != "reseller" || r.Because[1].Args["Family"] != "azure" || r.Because[2].Key != "route.because.line" {
		t.Errorf("because %v", r.Because)
	}
	if r := (Policy{}).Route(Case{}); r.Target != Nobody || r.Because[0].Key != "route.because.no_line" {
		t.Errorf("without a line: %+v", r)
	}
}

// What nobody may say is said neither by a line that slipped through nor by a person.
func TestForbiddenWaysAreNotFollowed(t *testing.T) {
	t.Parallel()
	everything := Policy{Lines: []Line{{Target: Microsoft, Portal: "m365_admin"}}}
	azure := Case{Relation: "reseller", Workload: "azure"}
	if r := everything.Route(azure); r.Target != Provider || r.Because[0].Key != "route.because.azure_reseller" {
		t.Errorf("a reseller's Azure goes to %+v", r)
	}
	if r := everything.Route(Case{Relation: "direct", Workload: "teams", Vulnerability: true}); r.Target != MSRC {
		t.Errorf("a vulnerability goes to %+v", r)
	}
	for _, c := range []struct {
		c  Case
		to Target
		no bool
	}{
		{azure, Microsoft, true}, {azure, Provider, false}, {azure, Publisher, false}, {Case{Relation: "direct", Workload: "azure"}, Microsoft, false},
		{Case{Relation: "reseller", Workload: "teams"}, Microsoft, false}, // overridable
		{Case{Vulnerability: true}, Microsoft, true}, {Case{Vulnerability: true}, MSRC, false},
	} {
		if why, no := Forbidden(c.c, c.to); no != c.no || no == (why.Key == "") {
			t.Errorf("%+v to %s: forbidden %v %v", c.c, c.to, no, why)
		}
	}
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	last := Line{Target: Provider}
	for what, c := range map[string]struct {
		lines []Line
		line  int
		field string
		key   string
	}{
		"nothing":              {nil, 0, "", "route.problem.no_last"},
		"no last line":         {[]Line{{Relation: "direct", Target: Provider}}, 0, "", "route.problem.no_last"},
		"an unknown relation":  {[]Line{{Relation: "friend", Target: Provider}, last}, 1, "relation", "route.problem.unknown"},
		"an unknown workload":  {[]Line{{Workload: "<script>", Target: Provider}, last}, 1, "workload", "route.problem.unknown"},
		"an unknown topic":     {[]Line{{Topic: "x", Target: Provider}, last}, 1, "topic", "route.problem.unknown"},
		"an unknown target":    {[]Line{{Kind: "problem", Target: "mars"}, last}, 1, "target", "route.problem.unknown"},
		"no target":            {[]Line{{Kind: "problem"}, last}, 1, "target", "route.problem.unknown"},
		"no portal":            {[]Line{{Relation: "direct", Target: Microsoft}, last}, 1, "portal", "route.problem.no_portal"},
		"an unknown portal":    {[]Line{{Relation: "direct", Target: Microsoft, Portal: "x"}, last}, 1, "portal", "route.problem.unknown"},
		"another's portal":     {[]Line{{Relation: "direct", Target: Microsoft, Portal: "provider"}, last}, 1, "portal", "route.problem.portal"},
		"a portal of nobody's": {[]Line{{Relation: "direct", Target: Nobody, Portal: "m365_admin"}, last}, 1, "portal", "route.problem.portal"},
		"another family":       {[]Line{{Family: "azure", Workload: "teams", Target: Provider}, last}, 1, "workload", "route.problem.family"},
		"a talkative weakness": {[]Line{{Vulnerability: true, Target: Microsoft, Portal: "m365_admin"}, last}, 1, "target", "route.problem.vulnerability"},
		"the same twice":       {[]Line{{Kind: "billing", Target: Provider}, {Kind: "billing", Target: Nobody}, last}, 2, "", "route.problem.unreachable"},
		"behind its family":    {[]Line{{Family: "m365", Target: Provider}, {Workload: "teams", Kind: "problem", Target: Nobody}, last}, 2, "", "route.problem.unreachable"},
		"behind the last":      {[]Line{last, {Kind: "billing", Target: Nobody}}, 2, "", "route.problem.unreachable"},
		"a reseller's Azure":   {[]Line{{Relation: "reseller", Workload: "azure", Target: Microsoft, Portal: "azure_portal"}, last}, 1, "target", "route.problem.azure_reseller"},
		"it among all else":    {[]Line{{Relation: "reseller", Family: "azure", Kind: "problem", Target: Provider}, {Target: Microsoft, Portal: "m365_admin"}}, 2, "target", "route.problem.azure_reseller"},
		"too many":             {slices.Repeat([]Line{last}, MostLines+1), 0, "", "route.problem.too_many"},
	} {
		found := Policy{Lines: c.lines}.Check()
		if !slices.ContainsFunc(found, func(p Problem) bool { return p.Line == c.line && p.Field == c.field && p.Key == c.key }) {
			t.Errorf("%s: %+v", what, found)
		}
	}
	sound := []Line{{Relation: "reseller", Family: "azure", Target: Provider}, {Target: Microsoft, Portal: "m365_admin"}}
	if found := (Policy{Lines: sound}).Check(); len(found) > 0 {
		t.Errorf("a sound policy: %+v", found)
	}
}

func anyCase() *rapid.Generator[Case] {
	return rapid.Custom(func(t *rapid.T) Case {
		pick := func(name string, list []string) string {
			return rapid.SampledFrom(append([]string{""}, list...)).Draw(t, name)
		}
		return Case{Relation: pick("relation", Relations), Workload: pick("workload", Workloads()), Plan: pick("plan", Plans), Kind: pick("kind", Kinds),
			Category: pick("category", Categories), Channel: pick("channel", Channels), Topic: pick("topic", Topics), Vulnerability: rapid.Bool().Draw(t, "vulnerability")}
	})
}

func anyLine() *rapid.Generator[Line] {
	return rapid.Custom(func(t *rapid.T) Line {
		c := anyCase().Draw(t, "conditions")
		l := Line{Relation: c.Relation, Plan: c.Plan, Kind: c.Kind, Channel: c.Channel, Target: rapid.SampledFrom(Targets()).Draw(t, "target")}
		if rapid.Bool().Draw(t, "by family") {
			l.Family = rapid.SampledFrom(Families).Draw(t, "family")
		} else {
			l.Workload = c.Workload
		}
		if l.Target == Microsoft {
			l.Portal = "azure_portal"
		}
		return l
	})
}

// Whatever lines say, what is forbidden never comes out; and what Check accepts
// never needs to be set right.
func TestNoPolicySendsWhatIsForbidden(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := Policy{Lines: append(rapid.SliceOfN(anyLine(), 0, 8).Draw(t, "lines"), Line{Target: Nobody})}
		c := anyCase().Draw(t, "case")
		r := p.Route(c)
		if _, no := Forbidden(c, r.Target); no {
			t.Fatalf("%+v goes to %s", c, r.Target)
		}
		if sound := len(p.Check()) == 0; sound && r.Line == 0 && !c.Vulnerability {
			t.Fatalf("a sound policy had to be set right: %+v", r)
		}
		if r.Line > 0 && r.Target != MSRC && !p.Lines[r.Line-1].fits(c.whole()) {
			t.Fatalf("line %d does not fit %+v", r.Line, c)
		}
	})
}

func TestPoliciesAreStoredAsTheyAre(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(Shipped())
	if err != nil {
		t.Fatal(err)
	}
	var back Policy
	if err := json.Unmarshal(text, &back); err != nil || !slices.EqualFunc(back.Lines, Shipped().Lines, Line.Same) {
		t.Errorf("read back: %v", err)
	}
}

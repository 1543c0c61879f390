package desk

import (
	"strings"
	"testing"
)

func TestServiceOf(t *testing.T) {
	t.Parallel()
	for published, want := range map[string]string{
		"Exchange Online":                  "Exchange Online",
		" exchange  ONLINE ":               "Exchange Online",
		"Identity Service":                 "Microsoft Entra",
		"Microsoft Entra":                  "Microsoft Entra",
		"Azure Active Directory":           "Microsoft Entra",
		"Microsoft 365 suite":              "Microsoft 365 suite",
		"OSDPPlatform":                     "Microsoft 365 suite",
		"Microsoft 365 Defender":           "Microsoft Defender XDR",
		"Microsoft Power Automate":         "Microsoft Power Automate",
		"Power Automate in Microsoft 365":  "Microsoft Power Automate",
		"PowerBIcom":                       "Power BI",
		"Microsoft Power BI":               "Power BI",
		"Virtual Machines":                 "Azure Virtual Machines",
		"SQL Database":                     "Azure SQL Database",
		"Azure Kubernetes Service (AKS)":   "Azure Kubernetes Service",
		"Microsoft Azure portal":           "Azure portal",
		"Microsoft Copilot":                "Microsoft Copilot",
		"Universal Print":                  "Universal Print", // the form does not offer it
		"Other":                            "Other",
		"":                                 "",
		"Dynamics 365 Business Central":    "Dynamics 365 Business Central",
		"Microsoft 365 for the web":        "Office for the web",
		"App Service \\ Web Apps (Linux)":  "Azure App Service",
		"Microsoft Teams®":                 "Microsoft Teams",
		"SharePoint Online for tomorrow":   "SharePoint Online for tomorrow",
		"Mobile Device Management for Off": "Mobile Device Management for Off",
	} {
		if got := ServiceOf(published); got != want {
			t.Errorf("ServiceOf(%q) = %q, want %q", published, got, want)
		}
	}
}

// What a publisher calls a service must lead to one that the form offers, and
// what the form offers to itself.
func TestServiceNamesAreThoseOfTheForm(t *testing.T) {
	t.Parallel()
	for name, ours := range publishedAs {
		if s, ok := ServiceNamed(ours); !ok || s.Name != ours {
			t.Errorf("%q leads to %q, which the form does not offer", name, ours)
		}
		if name != strings.ToLower(name) {
			t.Errorf("%q is never found: write it in lower case", name)
		}
	}
	for _, s := range Services() {
		if got := ServiceOf(s.Name); got != s.Name && s.Name != "Unknown" {
			t.Errorf("ServiceOf(%q) = %q", s.Name, got)
		}
	}
}

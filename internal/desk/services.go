package desk

import "strings"

// Service is a Microsoft product as a customer may name it in a form. Names
// are those of the service-health API (Microsoft Graph, "serviceHealth
// resource type") and of Azure's service list.
type Service struct {
	Name   string
	Family string // m365 | azure | dynamics | power | other
	Short  string // fits a table column
}

var services = []Service{
	{"Exchange Online", "m365", "Exchange"},
	{"Microsoft Teams", "m365", "Teams"},
	{"SharePoint Online", "m365", "SharePoint"},
	{"OneDrive for Business", "m365", "OneDrive"},
	{"Microsoft 365 Apps", "m365", "M365 Apps"},
	{"Office for the web", "m365", "Office web"},
	{"Microsoft Entra", "m365", "Entra"},
	{"Microsoft 365 suite", "m365", "M365"},
	{"Microsoft Intune", "m365", "Intune"},
	{"Microsoft Defender XDR", "m365", "Defender"},
	{"Microsoft Purview", "m365", "Purview"},
	{"Microsoft Copilot", "m365", "Copilot"},
	{"Planner", "m365", "Planner"},
	{"Microsoft Forms", "m365", "Forms"},
	{"Microsoft Bookings", "m365", "Bookings"},
	{"OneNote", "m365", "OneNote"},
	{"Windows 365", "m365", "Windows 365"},
	{"Microsoft Graph", "m365", "Graph"},
	{"Power BI", "power", "Power BI"},
	{"Power Apps", "power", "Power Apps"},
	{"Microsoft Power Automate", "power", "Automate"},
	{"Dynamics 365 Apps", "dynamics", "Dynamics"},
	{"Dynamics 365 Business Central", "dynamics", "Bus. Central"},
	{"Azure Virtual Machines", "azure", "Azure VM"},
	{"Azure App Service", "azure", "App Service"},
	{"Azure Functions", "azure", "Functions"},
	{"Azure SQL Database", "azure", "Azure SQL"},
	{"Azure Storage", "azure", "Storage"},
	{"Azure Virtual Network", "azure", "Azure réseau"},
	{"Azure VPN Gateway", "azure", "Azure VPN"},
	{"Azure ExpressRoute", "azure", "ExpressRoute"},
	{"Azure Load Balancer", "azure", "Azure LB"},
	{"Azure Kubernetes Service", "azure", "AKS"},
	{"Azure Container Apps", "azure", "Container Apps"},
	{"Azure Container Registry", "azure", "ACR"},
	{"Azure Cosmos DB", "azure", "Cosmos DB"},
	{"Azure OpenAI Service", "azure", "Azure OpenAI"},
	{"Azure SignalR Service", "azure", "SignalR"},
	{"Azure Virtual Desktop", "azure", "AVD"},
	{"Azure DevOps", "azure", "Azure DevOps"},
	{"Azure portal", "azure", "Azure"},
	{"Licensing and billing", "other", ""},
	{"Other", "other", ""},
	{"Unknown", "other", ""},
}

// Services lists them in the order a form shows them; "Unknown" is last and
// means that the customer does not know.
func Services() []Service { return services }

// ServiceNamed finds a service by name, in any case; "" is Unknown.
func ServiceNamed(name string) (Service, bool) {
	if name == "" {
		name = "Unknown"
	}
	for _, s := range services {
		if strings.EqualFold(s.Name, name) {
			return s, true
		}
	}
	return Service{}, false
}

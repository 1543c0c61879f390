package access

// Workloads are those that a table of what may be done speaks of, in its order.
// Others are judged as Microsoft 365 is.
func Workloads() []string {
	return []string{"exchange", "teams", "sharepoint", "onedrive", "apps", "entra", "intune", "defender", "purview", "power_bi", "power_platform", "dynamics", "azure"}
}

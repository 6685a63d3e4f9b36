package sheet

import "gongbang/account"

// Leaving is a file as it leaves the service.
type Leaving struct {
	Kind string // of its content
	account.Download
}

// Leave writes tables as "csv", the first alone, else as "xlsx". The name is
// without its ending.
func Leave(name, as string, tables []Table) (out Leaving, err error) {
	out.Rows = len(tables[0].Rows)
	if as == "csv" {
		out.Kind, out.Name = CSVType, name+".csv"
		out.File, err = CSV(tables[0])
		return out, err
	}
	out.Kind, out.Name = XLSXType, name+".xlsx"
	out.File, err = XLSX(tables...)
	return out, err
}

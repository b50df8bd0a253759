// Command clusters lists the clusters of an account with their gateways, and makes the URL that shows
// a CID.
//
//	PINARKIVE_API_KEY=… clusters [CID]
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"text/tabwriter"
	"unicode"

	"pinarkive.com/go/pinarkive"
)

const exampleCID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"

func main() {
	// Ctrl-C cancels the call.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	content := exampleCID
	if len(os.Args) > 1 {
		content = os.Args[1]
	}
	if err := run(ctx, content); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, content string) error {
	client, err := pinarkive.NewClient(pinarkive.Options{}) // key from $PINARKIVE_API_KEY
	if err != nil {
		return err
	}
	defer client.Close()
	list, err := client.ListClusters(ctx)
	if err != nil {
		return err
	}
	url, err := pinarkive.GatewayURL("", content) // "": the service's main gateway
	if err != nil {
		return err
	}
	if err := writeTable(os.Stdout, list.Clusters); err != nil {
		return err
	}
	_, err = fmt.Printf("\n%s\n", url)
	return err
}

// writeTable writes a line for each gateway, and one for a cluster without gateways. Columns of what
// the service did not give at all are left out.
func writeTable(out io.Writer, clusters []pinarkive.Cluster) error {
	rows := [][]string{{"CLUSTER", "NAME", "REGION", "COUNTRY", "GATEWAY", "LABEL"}}
	shown := []bool{true, false, false, false, true, false}
	add := func(cells ...string) {
		for column, cell := range cells {
			shown[column] = shown[column] || cell != ""
			cells[column] = printable(cell)
		}
		rows = append(rows, cells)
	}
	for _, cluster := range clusters {
		for _, gateway := range cluster.Gateways {
			add(cluster.ID, cluster.Label, cluster.Region, cluster.Country, gateway.BaseURL, gateway.Label)
		}
		if len(cluster.Gateways) == 0 {
			add(cluster.ID, cluster.Label, cluster.Region, cluster.Country, "", "")
		}
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		var cells []string
		for column, cell := range row {
			if shown[column] {
				cells = append(cells, cell)
			}
		}
		fmt.Fprintln(table, strings.Join(cells, "\t"))
	}
	return table.Flush()
}

// printable replaces what could upset a terminal; a dash stands for what the service did not give.
func printable(text string) string {
	if text == "" {
		return "-"
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}

#include "table.h"

#include <string.h>

#include "text.h"

enum column { CLUSTER, NAME, REGION, COUNTRY, GATEWAY, LABEL, COLUMNS };

static const char *const titles[COLUMNS] = {"CLUSTER", "NAME",    "REGION",
                                            "COUNTRY", "GATEWAY", "LABEL"};

struct layout {
  size_t width[COLUMNS];
  int shown[COLUMNS];
};

/* The text of a cell, or NULL where the service gave none. */
static const char *cell(const pk_cluster *cluster, const pk_gateway *gateway, int column) {
  const char *text = NULL;
  switch (column) {
    case CLUSTER: text = cluster->id; break;
    case NAME: text = cluster->label; break;
    case REGION: text = cluster->region; break;
    case COUNTRY: text = cluster->country; break;
    case GATEWAY: text = gateway != NULL ? gateway->base_url : NULL; break;
    case LABEL: text = gateway != NULL ? gateway->label : NULL; break;
  }
  return text != NULL && text[0] != '\0' ? text : NULL;
}

/* The gateway of a cluster's line; the one line of a cluster without gateways has none. */
static const pk_gateway *gateway_at(const pk_cluster *cluster, size_t line) {
  return line < cluster->gateway_count ? cluster->gateways[line] : NULL;
}

static size_t line_count(const pk_cluster *cluster) {
  return cluster->gateway_count > 0 ? cluster->gateway_count : 1;
}

static void measure(struct layout *layout, const pk_cluster_list *list) {
  memset(layout, 0, sizeof *layout);
  for (size_t c = 0; c < list->count; c++) {
    const pk_cluster *cluster = list->clusters[c];
    for (size_t line = 0; line < line_count(cluster); line++) {
      for (int column = 0; column < COLUMNS; column++) {
        const char *text = cell(cluster, gateway_at(cluster, line), column);
        size_t width = text != NULL ? text_width(text) : 0;
        if (width > layout->width[column]) layout->width[column] = width;
        if (text != NULL) layout->shown[column] = 1;
      }
    }
  }
  layout->shown[CLUSTER] = layout->shown[GATEWAY] = 1;
  for (int column = 0; column < COLUMNS; column++) {
    size_t width = strlen(titles[column]);
    if (width > layout->width[column]) layout->width[column] = width;
  }
}

static void write_line(FILE *out, const struct layout *layout, const char *const *cells) {
  size_t padding = 0; /* owed by the cell before, so that no line ends in spaces */
  for (int column = 0; column < COLUMNS; column++) {
    if (!layout->shown[column]) continue;
    const char *text = cells[column] != NULL ? cells[column] : "-";
    for (; padding > 0; padding--) fputc(' ', out);
    text_write(out, text);
    padding = layout->width[column] - text_width(text) + 2;
  }
  fputc('\n', out);
}

void table_write(FILE *out, const pk_cluster_list *list) {
  struct layout layout;
  measure(&layout, list);
  write_line(out, &layout, titles);
  for (size_t c = 0; c < list->count; c++) {
    const pk_cluster *cluster = list->clusters[c];
    for (size_t line = 0; line < line_count(cluster); line++) {
      const char *cells[COLUMNS];
      for (int column = 0; column < COLUMNS; column++) {
        cells[column] = cell(cluster, gateway_at(cluster, line), column);
      }
      write_line(out, &layout, cells);
    }
  }
}

#ifndef TABLE_H
#define TABLE_H

#include <pinarkive.h>
#include <stdio.h>

/** Writes a table with a line for each gateway, and one for each cluster without gateways. */
void table_write(FILE *out, const pk_cluster_list *list);

#endif

// The schema history of this service, compiled in from migrations/*.sql.
#pragma once

#include <vector>

#include "common/db/migrator.h"

namespace usher::company {

std::vector<db::Migration> Migrations();

}  // namespace usher::company

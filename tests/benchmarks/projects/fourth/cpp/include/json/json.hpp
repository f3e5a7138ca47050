#pragma once

// Everything at once, with the names that are used most brought up to `json`.
#include "parser.hpp"
#include "path.hpp"
#include "printer.hpp"
#include "value.hpp"

#define JSON_VERSION_MAJOR 1
#define JSON_VERSION_MINOR 4
#define JSON_VERSION (JSON_VERSION_MAJOR * 100 + JSON_VERSION_MINOR)

namespace json {

using path::Path;
using path::PathError;
using path::query;

}  // namespace json

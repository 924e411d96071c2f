// The protocol that generated code speaks, in the form that wire.md is read in.
#pragma once

#include <google/protobuf/descriptor.h>

#include <vector>

#include "tests/conformance/wire_tables.h"

namespace usher {

// Its JSON paths are left out.
WireContract ContractOf(const std::vector<const ::google::protobuf::FileDescriptor*>& files);

}  // namespace usher

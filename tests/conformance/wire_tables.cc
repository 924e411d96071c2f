#include "tests/conformance/wire_tables.h"

#include <cctype>
#include <filesystem>
#include <fstream>
#include <regex>
#include <stdexcept>
#include <vector>

namespace usher {
namespace {

std::vector<std::string> Split(const std::string& text, const std::string& separator) {
  std::vector<std::string> parts;
  std::string::size_type begin = 0;
  for (auto end = text.find(separator); end != std::string::npos;
       end = text.find(separator, begin)) {
    parts.push_back(text.substr(begin, end - begin));
    begin = end + separator.size();
  }
  parts.push_back(text.substr(begin));
  return parts;
}

class WireTablesReader {
 public:
  // Lines before the first file heading are prose.
  void Read(const std::string& line) {
    if (line.rfind("### ", 0) == 0) return ReadHeading(line);
    if (line.empty() || file_.empty()) return;
    if (!ReadEnum(line) && !ReadService(line) && !ReadRpc(line) && !ReadMessage(line)) Fail(line);
  }

  WireContract contract() && { return std::move(contract_); }

 private:
  [[noreturn]] static void Fail(const std::string& text) {
    throw std::runtime_error("wire.md: not understood: " + text);
  }

  static void Add(Definitions& definitions, const std::string& symbol, const std::string& text) {
    if (!definitions.emplace(symbol, text).second) Fail(symbol + " is there twice");
  }

  std::string InPackage(const std::string& name) const {
    return contract_.packages.at(file_) + "." + name;
  }

  void ReadHeading(const std::string& line) {
    static const std::regex kHeading(R"(### (\S+\.proto) \(package (\w+)\))");
    std::smatch match;
    if (!std::regex_match(line, match, kHeading)) Fail(line);
    file_ = match[1];
    Add(contract_.packages, file_, match[2]);
  }

  bool ReadEnum(const std::string& line) {
    static const std::regex kEnum(R"(\*\*enum (\w+)\*\*: (.*)\.)");
    static const std::regex kValue(R"((\w+)=(\d+))");
    std::smatch match;
    if (!std::regex_match(line, match, kEnum)) return false;
    const std::string name = InPackage(match[1]);
    Add(contract_.enums, name, file_);
    for (const std::string& entry : Split(match[2], ", ")) {
      std::smatch value;
      if (!std::regex_match(entry, value, kValue)) Fail(entry);
      Add(contract_.values, name + "." + value[1].str(), value[2]);
    }
    return true;
  }

  bool ReadMessage(const std::string& line) {
    static const std::regex kMessage(R"(\*\*(\w+)\*\*: (.*)\.)");
    std::smatch match;
    if (!std::regex_match(line, match, kMessage)) return false;
    const std::string name = InPackage(match[1]);
    Add(contract_.messages, name, file_);
    for (const std::string& entry : Split(match[2], "; ")) ReadField(name, entry);
    return true;
  }

  void ReadField(const std::string& message, const std::string& entry) {
    static const std::regex kField(R"((\d+) `(.+) (\w+)`)");
    static const std::regex kReservedNumber(R"(reserved number (\d+))");
    static const std::regex kReservedNames(R"(reserved names (.+))");
    std::smatch match;
    if (std::regex_match(entry, match, kField)) {
      Add(contract_.fields, message + "." + match[3].str(), match[1].str() + " " + match[2].str());
    } else if (std::regex_match(entry, match, kReservedNumber)) {
      Add(contract_.reserved, message + " reserved " + match[1].str(), "number");
    } else if (std::regex_match(entry, match, kReservedNames)) {
      for (const std::string& name : Split(match[1], ", ")) {
        Add(contract_.reserved, message + " reserved " + name, "name");
      }
    } else {
      Fail(message + ": " + entry);
    }
  }

  bool ReadService(const std::string& line) {
    static const std::regex kService(R"(\*\*service (\w+)\*\* \(wire path `/([\w.]+)/METHOD`\))");
    std::smatch match;
    if (!std::regex_match(line, match, kService)) return false;
    service_ = match[1];
    if (match[2] != InPackage(service_)) Fail(line);
    Add(contract_.services, InPackage(service_), file_);
    return true;
  }

  bool ReadRpc(const std::string& line) {
    static const std::regex kRow(R"(\| (\w+) \| ([\w.]+) \| ([\w.]+) \| POST (\S+) \|)");
    if (line == "| rpc | request | reply | JSON path |" || line == "|---|---|---|---|") return true;
    std::smatch match;
    if (!std::regex_match(line, match, kRow)) return false;
    const std::string rpc = InPackage(service_) + "." + match[1].str();
    Add(contract_.rpcs, rpc, "(" + match[2].str() + ") returns (" + match[3].str() + ")");
    // Fact 3 of wire.md: the prefix is the service's name, in lower camel case throughout.
    std::string prefix = "/" + service_;
    prefix[1] = static_cast<char>(std::tolower(static_cast<unsigned char>(prefix[1])));
    Add(contract_.json_paths, rpc, prefix + match[4].str());
    return true;
  }

  WireContract contract_;
  std::string file_;
  std::string service_;
};

}  // namespace

WireContract ReadWireTables(const std::string& path) {
  std::ifstream stream(path);
  if (!stream) throw std::runtime_error("cannot open " + path);
  WireTablesReader reader;
  for (std::string line; std::getline(stream, line);) reader.Read(line);
  return std::move(reader).contract();
}

std::set<std::string> ProtoFilesBelow(const std::string& folder) {
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".proto") {
      files.insert(std::filesystem::relative(entry.path(), folder).generic_string());
    }
  }
  return files;
}

}  // namespace usher

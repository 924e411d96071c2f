// authorization_matrix.txt and authorization_guests.txt, read.
#pragma once

#include <common/replyInfo.pb.h>

#include <map>
#include <ostream>
#include <string>
#include <vector>

namespace usher {

struct Cell {
  ::common::ReplyStatusCode code = ::common::OK;
  bool tells = true;  // of an answer that lists things: the object is among them
};

struct MatrixRow {
  std::vector<std::string> services;  // full names: all the names of one service
  std::string rpc;
  std::string object;
  std::string with;
  std::map<std::string, Cell> cells;  // by actor
  bool pending = false;               // NOT_IMPLEMENTED for who gets past the permissions
};

// Found by googletest, which else prints bytes.
void PrintTo(const MatrixRow& row, std::ostream* out);

struct Matrix {
  std::vector<std::string> actors;
  std::vector<MatrixRow> rows;
};

// Throws std::runtime_error, naming the line, on whatever it does not understand.
Matrix ReadMatrix(const std::string& path);

}  // namespace usher

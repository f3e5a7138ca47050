#pragma once

#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

namespace graph {

/// Disjoint sets with path compression and union by size.
class UnionFind {
public:
    explicit UnionFind(std::size_t count) : parent_(count), size_(count, 1), sets_(count) {
        std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    }

    std::size_t find(std::size_t element) {
        while (parent_[element] != element) {
            parent_[element] = parent_[parent_[element]];
            element = parent_[element];
        }
        return element;
    }

    /// Returns false if both elements were in the same set already.
    bool unite(std::size_t a, std::size_t b) {
        a = find(a);
        b = find(b);
        if (a == b) return false;
        if (size_[a] < size_[b]) std::swap(a, b);
        parent_[b] = a;
        size_[a] += size_[b];
        --sets_;
        return true;
    }

    std::size_t set_count() const noexcept { return sets_; }

private:
    std::vector<std::size_t> parent_;
    std::vector<std::size_t> size_;
    std::size_t sets_;
};

}  // namespace graph

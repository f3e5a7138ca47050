#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>

namespace tiles {
/// Keeps the most recently used values and forgets the others.
template <typename Key, typename Value, typename Hash = std::hash<Key>>
class LruCache {
public:
    explicit LruCache(std::size_t capacity) : capacity_(capacity) {}

    /// Returns the cached value, or makes, stores and returns a new one.
    template <typename Factory>
    Value& getOrCreate(const Key& key, Factory&& make) {
        if (auto found = index_.find(key); found != index_.end()) {
            ++hits_;
            entries_.splice(entries_.begin(), entries_, found->second);
            return found->second->second;
        }
        ++misses_;
        entries_.emplace_front(key, make(key));
        index_[key] = entries_.begin();
        if (entries_.size() > capacity_) {
            index_.erase(entries_.back().first);
            entries_.pop_back();
        }
        return entries_.front().second;
    }

    void clear() {
        entries_.clear();
        index_.clear();
    }

    std::size_t size() const { return entries_.size(); }
    int hits() const { return hits_; }
    int misses() const { return misses_; }

private:
    using Entry = std::pair<Key, Value>;
    std::size_t capacity_;
    std::list<Entry> entries_;
    std::unordered_map<Key, typename std::list<Entry>::iterator, Hash> index_;
    int hits_ = 0;
    int misses_ = 0;
};
}  // namespace tiles

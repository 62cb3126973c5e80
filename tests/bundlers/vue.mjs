/** A page with Vue and a client in its reactive data, which Vue wraps in a proxy. */
import { createApp, h } from "vue";
import { Flickr } from "flickrapi-web";

const Page = {
  data: () => ({ flickr: new Flickr({ endpoint: "/services/rest/" }), ids: [] }),
  async mounted() {
    for await (const { id } of this.flickr.photos.search.all({ text: "red panda" })) {
      this.ids.push(id);
    }
  },
  render() {
    return h("p", [this.ids.join(), " ", this.flickr.options.endpoint]);
  },
};

createApp(Page).mount(document.body.appendChild(document.createElement("main")));
